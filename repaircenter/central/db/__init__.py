"""The service's database: embedded server, connections with their scope, migrations."""
