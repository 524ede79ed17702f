"""Documents -> pages of drawing operations in millimetres -> PDF, XLSX, CSV. No Qt; any thread (DESIGN 3.11-3.13)."""
