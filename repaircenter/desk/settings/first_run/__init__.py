"""First run: from welcome to the recovery code, a step a file or two; nothing leaves before its person saw what leaves."""
