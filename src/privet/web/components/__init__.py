"""What pages are put together from: tables, charts, figures, filters, pages of a list."""
