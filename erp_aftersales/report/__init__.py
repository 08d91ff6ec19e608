from . import aftersales_statement_sheet, report_invoice_statement, report_statement
