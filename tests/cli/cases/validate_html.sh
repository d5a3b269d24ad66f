# A page that needs nothing from outside, is the same each time, and whose marks are all of the
# values; texts of a document are nothing but text in it.
sed -i 's/bare nodes/"<b onload=x>\&"/' cases.yaml
vhpcsim validate cases.yaml -n 2 -q --html=one.html >/dev/null
vhpcsim validate cases.yaml -n 2 -q --html=two.html >/dev/null
cmp one.html two.html && echo the same
grep -ciE '<script|src=|href=|url\(|@import|<b ' one.html
python3 - <<'END'
import html.parser, re, xml.dom.minidom

page = open("one.html").read()
class Reader(html.parser.HTMLParser):
    void, stack = {"meta", "line"}, []
    def handle_starttag(self, tag, attributes):
        if tag not in self.void:
            self.stack.append(tag)
    def handle_startendtag(self, tag, attributes):
        assert tag in self.void, tag
    def handle_endtag(self, tag):
        assert self.stack.pop() == tag, tag
reader = Reader()
reader.feed(page)
print("open at the end:", reader.stack)
for picture in re.findall(r"<svg.*?</svg>", page, re.S):
    svg = xml.dom.minidom.parseString(picture).documentElement
    names = [child.tagName for child in svg.childNodes if child.nodeType == 1]
    print(names[:2], names.count("circle"), "predicted,", names.count("rect"), "input")
print("rows:", page.count("<tr"))
END
