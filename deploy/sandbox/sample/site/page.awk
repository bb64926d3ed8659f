# SPDX-License-Identifier: Apache-2.0
# Two files, the template and a page: the page's first line is its title, "- " begins a list item, an empty line ends a
# paragraph, [label](address) is a link.
function escape(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); return text }
function links(text,    before, label, address) {
    while (match(text, /\[[^]]+\]\([^)]+\)/)) {
        before = substr(text, 1, RSTART - 1)
        label = substr(text, RSTART + 1, index(substr(text, RSTART), "]") - 2)
        address = substr(text, RSTART + length(label) + 3, RLENGTH - length(label) - 4)
        text = before "<a href=\"" address "\">" label "</a>" substr(text, RSTART + RLENGTH)
    }
    return text
}
function close_all() { if (open != "") content = content "</" open ">\n"; open = "" }
FNR == 1 { file++ }
file == 1 { template[++lines] = $0; next }
FNR == 1 { title = escape($0); content = "<h1>" title "</h1>\n"; next }
/^$/ { close_all(); next }
/^- / {
    if (open != "ul") { close_all(); content = content "<ul>\n"; open = "ul" }
    content = content "<li>" links(escape(substr($0, 3))) "</li>\n"
    next
}
{ if (open != "p") { close_all(); content = content "<p>"; open = "p" } content = content links(escape($0)) "\n" }
END {
    close_all()
    for (i = 1; i <= lines; i++) {
        line = template[i]
        if (line == "@CONTENT@") { printf "%s", content; continue }
        gsub(/@TITLE@/, title, line); gsub(/@VERSION@/, version, line); gsub(/@ENVIRONMENT@/, environment, line)
        print line
    }
}
