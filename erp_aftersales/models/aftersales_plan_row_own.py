# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Only code holds this object: no context that a client sends can be it.
WITH_CONTRACT = object()


class AftersalesPlanRow(models.AbstractModel):
    """A row of a contract alone: it stands above the plan's, for its days (R2).

    Unlike a published plan's it changes at any time; what is invoiced stays.
    """

    _inherit = "aftersales.plan.row"

    # whether rows that belong to neither plan nor contract mean something
    _may_be_standard = False

    contract_id = fields.Many2one(
        "contract.contract",
        index="btree_not_null",
        ondelete="cascade",
        help="The contract that this row is for, instead of a plan.",
    )

    @api.constrains("sequence", "plan_id", "contract_id", "date_start", "date_end")
    def _check_owner(self):
        for row in self:
            if row.plan_id and row.contract_id:
                raise ValidationError(
                    self.env._(
                        "'%(row)s' is a row of the plan '%(plan)s' and of the contract "
                        "'%(contract)s'. Choose one of them.",
                        row=row.display_name,
                        plan=row.plan_id.display_name,
                        contract=row.contract_id.display_name,
                    )
                )
            if row.plan_id and (row.date_start or row.date_end):
                raise ValidationError(
                    self.env._(
                        "'%(row)s' is limited to some days. The rows of a plan are in "
                        "force as long as the plan: clear the days, or make it a row "
                        "of a contract.",
                        row=row.display_name,
                    )
                )
            if not (row.plan_id or row.contract_id or row._may_be_standard):
                raise ValidationError(
                    self.env._(
                        "'%s' belongs to no plan and to no contract. Choose one.",
                        row.display_name,
                    )
                )

    @api.constrains(lambda self: self._own_columns())
    def _check_own(self):
        if not self._is_saved_with_contract():
            self.contract_id._check_aftersales_own(self._name)

    @api.model
    def _is_saved_with_contract(self):
        """Whether the contract itself checks, says and rates what changes."""
        return self.env.context.get("aftersales_own_rows") is WITH_CONTRACT

    @api.model
    def _own_columns(self):
        """Return the names of what a person types into a row."""
        return [
            name
            for name, field in self._fields.items()
            if field.store
            and (not field.compute or not field.readonly)
            and name not in models.MAGIC_COLUMNS
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """Create rows; those of contracts are said there, and rated at once."""
        default = self.env.context.get("default_contract_id")
        contract_ids = {vals.get("contract_id", default) for vals in vals_list}
        # before the checks, which run as superuser, tell what stands there
        self.env["contract.contract"].browse(filter(None, contract_ids)).check_access(
            "read"
        )
        rows = super().create(vals_list)
        rows._own_changed({})
        return rows

    def write(self, vals):
        """Change rows; a contract's are changed at any time, and rated at once."""
        self._check_stays_with_contract(vals)
        before = self._own_words()
        result = super().write(vals)
        self._own_changed(before)
        return result

    def unlink(self):
        """Delete rows; a contract's only as long as no invoice relies on them."""
        own = self.filtered("contract_id")
        contracts, before = own.contract_id, own._own_words()
        own._let_go()
        result = super().unlink()
        if before:
            contracts._aftersales_own_changed(before, {})
        return result

    def _let_go(self):
        """Take off what points at rows that go away; refuse what is invoiced."""

    def _check_stays_with_contract(self, vals):
        if "contract_id" not in vals:
            return
        for row in self:
            if row.contract_id.id != (vals["contract_id"] or False):
                raise ValidationError(
                    self.env._(
                        "'%s' stays where it was made. Make a new row, on the contract "
                        "that it is for, and end or delete this one.",
                        row.display_name,
                    )
                )

    def _own_changed(self, before):
        """Tell the contracts of these rows, unless they are being saved themselves."""
        own = self.filtered("contract_id")
        if own and not self._is_saved_with_contract():
            own.contract_id._aftersales_own_changed(before, own._own_words())

    def _own_words(self):
        """Return what a contract's own rows say, by row, to tell what changed.

        :return dict: by (model, id): contract id, the row in words, and the values of
            its fields by label
        """
        if self._is_saved_with_contract():
            return {}
        names = [name for name in self._own_columns() if name != "sequence"]
        return {
            (row._name, row.id): (
                row.contract_id.id,
                row._describe_own(),
                {name: row._field_text(name) for name in names},
            )
            for row in self.filtered("contract_id")
        }

    def _field_text(self, name):
        self.ensure_one()
        field = self._fields[name]
        value = field.convert_to_export(self[name], self)
        return f"{field._description_string(self.env)}: {value or '-'}"

    def _describe_own(self):
        """Return what this row gives or costs, and on which days."""
        self.ensure_one()
        text = self._with_days(self._describe())
        replaced = "replaces_id" in self._fields and self.replaces_id
        if not replaced:
            return text
        return self.env._(
            "%(text)s Instead of '%(replaced)s'.",
            text=text,
            replaced=replaced.display_name,
        )

    def _own_problems(self):
        """Return sentences on what is wrong with these rows, all of one contract."""
        problems = self._publish_problems()
        if "replaces_id" in self._fields:
            problems += filter(None, (row._replaced_problem() for row in self))
        return problems

    def _replaced_problem(self):
        self.ensure_one()
        replaced, contract = self.replaces_id, self.contract_id
        if not replaced:
            return False
        if replaced.plan_id in contract._aftersales_plans(
            self.date_start, self.date_end
        ):
            return False
        return self.env._(
            "'%(row)s' stands instead of '%(replaced)s', which is no row of a plan in "
            "force on the contract on those days. Choose a row of %(plan)s.",
            row=self.display_name,
            replaced=replaced.display_name,
            plan=contract.aftersales_plan_id.display_name,
        )
