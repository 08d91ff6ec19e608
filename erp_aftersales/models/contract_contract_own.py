# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from datetime import date, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .aftersales_plan_row_own import WITH_CONTRACT

OWN_FIELDS = (
    "aftersales_coverage_ids",
    "aftersales_allowance_ids",
    "aftersales_rate_ids",
    "aftersales_fee_ids",
    "aftersales_sla_ids",
    "aftersales_periodic_ids",
)


class ContractContract(models.Model):
    """A contract's own rows: the layer above its plan (R2)."""

    _inherit = "contract.contract"

    aftersales_coverage_ids = fields.One2many(
        "aftersales.plan.coverage",
        "contract_id",
        string="Own coverage",
        copy=True,
        groups="base.group_user",
        help="What this contract covers other than its plan.",
    )
    aftersales_allowance_ids = fields.One2many(
        "aftersales.plan.allowance",
        "contract_id",
        string="Own allowances",
        copy=True,
        groups="base.group_user",
        help="What this contract includes in addition to its plan, or instead of it.",
    )
    aftersales_rate_ids = fields.One2many(
        "aftersales.plan.rate",
        "contract_id",
        string="Own prices",
        copy=True,
        groups="base.group_user",
        help="What work costs under this contract only.",
    )
    aftersales_fee_ids = fields.One2many(
        "aftersales.plan.fee",
        "contract_id",
        string="Own fees",
        copy=True,
        groups="base.group_user",
        help="What this contract pays in addition to its plan, or instead of it.",
    )
    aftersales_sla_ids = fields.One2many(
        "aftersales.plan.sla",
        "contract_id",
        string="Own service levels",
        copy=True,
        groups="base.group_user",
        help="How fast tickets of this contract are answered and solved.",
    )
    aftersales_has_own_terms = fields.Boolean(
        string="Own terms",
        compute="_compute_aftersales_has_own_terms",
        store=True,
        groups="base.group_user",
        help="Something was agreed for this contract that its plan does not say.",
    )
    aftersales_summary = fields.Text(
        string="What is included, what is charged",
        compute="_compute_aftersales_summary",
        groups="base.group_user",
        help="The contract's own terms, then the plan, in words.",
    )

    @api.depends(lambda self: OWN_FIELDS)
    def _compute_aftersales_has_own_terms(self):
        for contract in self:
            contract.aftersales_has_own_terms = any(contract[n] for n in OWN_FIELDS)

    @api.depends(lambda self: self._aftersales_summary_depends())
    @api.depends_context("lang")
    def _compute_aftersales_summary(self):
        for contract in self:
            contract.aftersales_summary = "\n".join(contract._summary_lines())

    @api.model
    def _aftersales_summary_depends(self):
        names = ["aftersales_plan_id.summary"]
        for name in OWN_FIELDS:
            rows = self.env[self._fields[name].comodel_name]
            names += [f"{name}.{column}" for column in rows._own_columns()]
        return names

    @api.model_create_multi
    def create(self, vals_list):
        """Make contracts with their own rows, which are rated with them."""
        if not any(set(OWN_FIELDS) & set(vals) for vals in vals_list):
            return super().create(vals_list)
        deferred = self.with_context(aftersales_own_rows=WITH_CONTRACT)
        contracts = super(ContractContract, deferred).create(vals_list)
        contracts = contracts.with_env(self.env)
        contracts._check_aftersales_own()
        return contracts

    def write(self, vals):
        """Save many own rows at once: one check, one message, one rating."""
        if not set(OWN_FIELDS) & set(vals):
            return super().write(vals)
        before = self._aftersales_own_words()
        deferred = self.with_context(aftersales_own_rows=WITH_CONTRACT)
        result = super(ContractContract, deferred).write(vals)
        self._check_aftersales_own()
        self._aftersales_own_changed(before, self._aftersales_own_words())
        return result

    def action_aftersales_price_list(self):
        """Open all prices that can apply to this contract, layer by layer (E2)."""
        self.ensure_one()
        today = self.company_id._aftersales_today()
        plans = self._aftersales_plans(today)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "erp_aftersales.aftersales_plan_rate_action_prices"
        )
        return action | {
            "display_name": self.env._("Prices of %s", self.display_name),
            "domain": [
                ("currency_id", "=", self.currency_id.id),
                "|",
                "|",
                ("contract_id", "=", self.id),
                ("plan_id", "in", plans.ids),
                "&",
                ("layer", "=", "standard"),
                ("company_id", "in", [self.company_id.id, False]),
            ],
            "context": {
                "aftersales_price_list": self.id,
                "search_default_current": 1,
                "create": False,
            },
        }

    # In words

    def _summary_lines(self):
        """Return what is included and what is charged, one line for each list of rows.

        The contract's own terms come first, as they decide first (R2); what has ended
        is left out.
        """
        self.ensure_one()
        today = self.company_id._aftersales_today()
        lines = []
        for name in OWN_FIELDS:
            rows = self[name].filtered(
                lambda row: not row.date_end or row.date_end >= today
            )
            if rows:
                lines.append(" ".join(row._describe_own() for row in rows))
        if lines:
            lines.insert(0, self.env._("For this contract only:"))
        if lines and self.aftersales_plan_id:
            lines.append(
                self.env._("Otherwise, by %s:", self.aftersales_plan_id.display_name)
            )
        return lines + (self.aftersales_plan_id.summary or "").splitlines()

    # Changes

    def _aftersales_own_words(self):
        """What all own rows say now, by row."""
        words = {}
        for name in OWN_FIELDS:
            words |= self[name]._own_words()
        return words

    def _aftersales_own_changed(self, before, after):
        """Say in the chatter what changed, and rate; what is invoiced stays (R16).

        :param dict before: what the rows said, by row, as ``_own_words`` gives it
        :param dict after: what they say now
        """
        if before == after:
            return
        if not self.env.context.get("tracking_disable"):
            self._aftersales_log_own_rows(before, after)
        with_fees = self._aftersales_is_about("aftersales.plan.fee", before, after)
        effect = self._aftersales_effect() if with_fees else {}
        if with_fees:
            self._aftersales_sync_lines()
        self.env["aftersales.rating"]._rate(self, with_fees=with_fees)
        if with_fees:
            self._aftersales_log_own_fees(effect)
        if self._aftersales_is_about("aftersales.plan.coverage", before, after):
            self._aftersales_settle_quotations()

    @api.model
    def _aftersales_is_about(self, model, before, after):
        """Whether rows of a model changed: coverage tells quoted work from metered work
        (R12), fees need lines (R22)."""
        return any(
            model == name and before.get((name, id_)) != after.get((name, id_))
            for name, id_ in {**before, **after}
        )

    def _aftersales_settle_quotations(self):
        # What an order is follows from the contract's rows, whoever sees the ticket.
        tickets = self.env["helpdesk.ticket"].sudo()
        tickets.search(
            [("contract_id", "in", self.ids), ("sale_order_ids.state", "=", "sale")]
        )._aftersales_resettle()

    def _aftersales_log_own_rows(self, before, after):
        lines = {contract.id: [] for contract in self}
        for key in [*before, *(key for key in after if key not in before)]:
            contract_id = (before.get(key) or after[key])[0]
            lines[contract_id].append(
                self._aftersales_row_change(before.get(key), after.get(key))
            )
        title = self.env._("Own terms changed:")
        bodies = {
            contract_id: Markup("<p>%s</p><ul>%s</ul>")
            % (title, Markup().join(Markup("<li>%s</li>") % text for text in texts))
            for contract_id, texts in lines.items()
            if any(texts)
        }
        self.browse(bodies)._message_log_batch(bodies=bodies)

    @api.model
    def _aftersales_row_change(self, was, is_now):
        """Return one change in words: old -> new."""
        if was is None:
            return self.env._("New: %s", is_now[1])
        if is_now is None:
            return self.env._("Deleted: %s", was[1])
        old, new = was[1], is_now[1]
        if old == new:  # a field changed that the words do not tell
            changed = [name for name in was[2] if was[2][name] != is_now[2][name]]
            old = " ".join([old, *(was[2][name] for name in changed)])
            new = ", ".join(is_now[2][name] for name in changed)
        return f"{old} → {new}"

    # Checks

    def _check_aftersales_own(self, model=None):
        """Refuse own rows that do not go together, or with the contract.

        :param model: name of the rows' model; None: all
        """
        for contract in self:
            names = [
                name
                for name in OWN_FIELDS
                if model in (None, self._fields[name].comodel_name)
            ]
            problems = [
                problem for name in names for problem in contract[name]._own_problems()
            ]
            if (
                any(contract[name] for name in names)
                and not contract.aftersales_plan_id
            ):
                problems.append(
                    self.env._("Own terms go with a plan: choose the plan first.")
                )
            if problems:
                raise ValidationError(
                    self.env._(
                        "The own terms of the contract '%(contract)s' cannot be "
                        "saved:\n%(problems)s",
                        contract=contract.display_name,
                        problems="\n".join(f"- {text}" for text in problems),
                    )
                )

    # Plans in force

    def _aftersales_plans(self, first=None, last=None):
        """Return the plans in force on some day from first to last (R2)."""
        first, last = first or date.min, last or date.max
        plans = self.env["aftersales.plan"]
        for plan, start, end in self._aftersales_plan_spans():
            if start <= last and end >= first:
                plans |= plan
        return plans

    def _aftersales_plan_days(self, plan):
        """Return the first and the last day of a plan in force, else the contract's."""
        if not plan:
            return self.date_start, self.date_end
        spans = [span for span in self._aftersales_plan_spans() if span[0] == plan]
        if not spans:
            return None, None
        last = max(end for _plan, _start, end in spans)
        return min(start for _plan, start, _end in spans), (
            None if last == date.max else last
        )

    def _aftersales_plan_spans(self):
        """Yield each plan with its first and last day in force."""
        terms = self.aftersales_term_ids.sorted("date_start")
        for term, follower in zip(terms, [*terms[1:], None], strict=True):
            end = self.date_end or date.max
            if follower:
                end = min(end, follower.date_start - timedelta(days=1))
            yield term.plan_id, term.date_start, end
