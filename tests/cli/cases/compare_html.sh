# A page that needs nothing from outside, whose bars are as long as the times, and whose texts are
# nothing but text.
settings=(--set 'title=<b onload=x>&' --reproducible)
vhpcsim compare kvm.yaml "${settings[@]}" -j 1 --html=one.html --json=both.json -q
vhpcsim compare kvm.yaml "${settings[@]}" -j 4 --html=four.html -q >/dev/null
cmp one.html four.html && echo the same
grep -ciE '<script|src=|href=|url\(|@import|<b ' one.html
python3 - <<'END'
import json, re, xml.dom.minidom

both = json.load(open("both.json"))
page = open("one.html", encoding="utf-8").read()
body = xml.dom.minidom.parseString(page[page.index("<main>"):page.index("</main>") + len("</main>")])
for picture in body.getElementsByTagName("svg"):
    names = [child.tagName for child in picture.childNodes if child.nodeType == 1]
    bars = {}
    for part in picture.getElementsByTagName("rect"):
        if part.getAttribute("height") == "34":
            bars.setdefault(part.getAttribute("y"), []).append(float(part.getAttribute("width")))
    first, second = (sum(widths) for widths in bars.values())
    print(names[:2], "longest:", round(max(first, second)))
    if picture.getElementsByTagName("title")[0].firstChild.data == "Time of a rank by layer":
        times = [sum(both[side]["layers"].values()) for side in ("first", "second")]
        print("as long as the times:", abs(first / second - times[0] / times[1]) < 0.01)
print([heading.firstChild.data for heading in body.getElementsByTagName("h2")])
cells = lambda row: len([cell for cell in row.childNodes if cell.nodeType == 1])
print("cells of the rows of each table:",
      [{cells(row) for row in table.getElementsByTagName("tr")} for table in body.getElementsByTagName("table")])
END
