"""The sample world: an EMS writer, the estimates of one operator, and customers who answer. Also the tests' source."""
