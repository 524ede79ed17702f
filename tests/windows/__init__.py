"""Every place of docs/windows.md, on a Windows machine with what is there, elsewhere with fakes made by hand."""
