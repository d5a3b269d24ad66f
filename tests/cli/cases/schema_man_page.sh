# The page of documents names keys, and roff has nothing to complain about where it is installed.
vhpcsim schema --man >page.5
grep -c '^\.B cluster\.nodes$' page.5
grep -c '^\.B runs\.results\.tolerance$' page.5
if command -v groff >/dev/null; then groff -man -ww -z page.5; fi
