# An escape in a title must not reach the terminal as a command.
sed 's/^title:.*/title: "\\e[31mred"/' kvm.yaml >wrong.yaml
vhpcsim check wrong.yaml
