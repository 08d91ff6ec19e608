# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io

from odoo import models
from odoo.tools.pdf import OdooPdfFileReader, OdooPdfFileWriter

STATEMENT = "erp_aftersales.report_invoice_statement"


class IrActionsReport(models.Model):
    """Whoever prints or sends an invoice of work prints its statement with it."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        # EXTENDS base: the one place that printing, sending and downloading go through.
        if not res_ids or not self._is_invoice_report(report_ref):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        # Base comes back here for each invoice of a file that it cannot divide.
        is_inner = self.env.context.get("aftersales_statement_follows")
        report = self.with_context(aftersales_statement_follows=True)
        streams = super(IrActionsReport, report)._render_qweb_pdf_prepare_streams(
            report_ref, data, res_ids
        )
        if not is_inner:
            self._aftersales_add_statements(streams, res_ids)
        return streams

    def _aftersales_add_statements(self, streams, move_ids):
        """Append the statement of each invoice to its file, or all to the only one."""
        # Safe: the statement belongs to the invoice, which its reader may print.
        report = self.sudo()
        moves = report.env["account.move"].browse(move_ids)
        statements = report.env["aftersales.statement.sheet"]._of_invoices(moves)
        for move_id, sheets in statements.items():
            rendered = report._render_qweb_pdf_prepare_streams(
                STATEMENT, {"sheets": sheets}, [move_id]
            )
            file = streams[move_id if move_id in streams else False]
            statement = rendered[move_id]["stream"]
            file["stream"] = self._aftersales_append(file["stream"], statement)

    def _aftersales_append(self, stream, following):
        """One document after another; files in the first one stay embedded."""
        reader, writer = OdooPdfFileReader(stream, strict=False), OdooPdfFileWriter()
        writer.appendPagesFromReader(reader)
        writer.appendPagesFromReader(OdooPdfFileReader(following, strict=False))
        for name, content in reader.getAttachments():
            writer.addAttachment(name, content)
        whole = io.BytesIO()
        writer.write(whole)
        stream.close()
        following.close()
        return whole
