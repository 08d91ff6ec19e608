# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import float_repr

# From which states each one is reached.
BEFORE = {
    "requested": ("quoted", "agreed", "cancelled"),
    "quoted": ("requested",),
    "agreed": ("requested", "quoted"),
    "in_progress": ("agreed",),
    "done": ("agreed", "in_progress"),
    "cancelled": ("requested", "quoted", "agreed", "in_progress"),
}
# What an agreement is about: it does not change any more.
AGREED_ON = {
    "contract_id",
    "installation_id",
    "release_from_id",
    "release_id",
    "kind",
    "requested_on",
}
# What follows from the state, and is nobody's to type.
FOLLOWS = {"agreed_amount", "agreed_terms", "takes_included", "date_done"}
ASKED = "erp_aftersales.mail_activity_type_upgrade"
# What depends on how many others have been included meanwhile.
COSTS = ["amount", "is_priced", "cost_text"]


class AftersalesUpgrade(models.Model):
    """The way of an upgrade: requested, quoted, agreed, in progress, done (D4)."""

    _inherit = "aftersales.upgrade"

    @api.model
    def default_get(self, fields):
        """A new upgrade is requested, whichever column it is made in."""
        return super(AftersalesUpgrade, self._as_new()).default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        """An upgrade begins as requested, whoever makes it."""
        upgrades = super(AftersalesUpgrade, self._as_new()).create(vals_list)
        for upgrade in upgrades:
            if upgrade.state != "requested" or any(upgrade[name] for name in FOLLOWS):
                raise ValidationError(
                    self.env._(
                        "The upgrade '%s' begins as requested. Make it so, then quote "
                        "it or agree to it.",
                        upgrade.display_name,
                    )
                )
        upgrades = upgrades.with_env(self.env)
        upgrades._check_order_is_known()
        upgrades._tell_managers()
        upgrades.filtered("sale_order_id")._follow_order()
        return upgrades

    @api.model
    def _as_new(self):
        """Without the state of a kanban column, which is no default of ours."""
        context = dict(self.env.context)
        context.pop("default_state", None)
        return self.with_env(self.env(context=context))

    def write(self, vals):
        """Move only along the way, with what follows; keep what is agreed on."""
        if FOLLOWS & vals.keys():
            self._raise_follows()
        if AGREED_ON & vals.keys():
            self._check_is_open("requested")
        if "sale_order_id" in vals:
            self._check_is_open("requested", "quoted", "cancelled")
        state = vals.get("state")
        moved = self.filtered(lambda upgrade: state and upgrade.state != state)
        super(AftersalesUpgrade, self - moved).write(vals)
        for upgrade in moved:  # one takes the included upgrade, the next one pays
            upgrade.invalidate_recordset(COSTS)
            upgrade._check_move(state)
            super(AftersalesUpgrade, upgrade).write(vals)
            super(AftersalesUpgrade, upgrade).write(upgrade._consequences())
        if state == "done":
            moved._install()
        if moved:
            moved.activity_unlink([ASKED])
        if "sale_order_id" in vals:
            self._check_order_is_known()
            self._follow_order()
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self._check_is_open("requested", "cancelled")

    def _tell_managers(self):
        """Ask the contracts' service managers to agree or to have it quoted."""
        for contract, upgrades in self.grouped("contract_id").items():
            manager = contract.service_manager_id or contract.user_id
            if manager and manager != self.env.user:
                upgrades.activity_schedule(ASKED, user_id=manager.id)

    def _consequences(self):
        """The values that follow from the state the upgrade has come to."""
        self.ensure_one()
        if self.state in ("requested", "cancelled"):
            return {
                "agreed_amount": 0,
                "agreed_terms": False,
                "takes_included": False,
            }
        if self.state in ("quoted", "agreed"):
            return self._terms_to_keep()
        if self.state == "done":
            return {"date_done": self.company_id._aftersales_today()}
        return {}

    def _terms_to_keep(self):
        """What the plan's rule gives now; what an order says goes before it."""
        vals = {}
        if not self.agreed_terms:
            costs = self.env["aftersales.upgrade.cost"]
            cost = costs._costs(self)[self]
            digits = self.currency_id.decimal_places
            amount = float(cost.amount or 0)
            told = None if cost.amount is None else float_repr(amount, digits)
            vals = {
                "agreed_terms": {"code": cost.code, "amount": told, **cost.args},
                "agreed_amount": amount,
                "takes_included": cost.takes_included,
            }
        # Safe: who sees the upgrade sees what it costs.
        order = self.sudo().sale_order_id
        if order.state == "sale":
            vals["agreed_amount"] = order.currency_id._convert(
                order.amount_untaxed,
                self.currency_id,
                order.company_id,
                order.date_order,
            )
        return vals

    def _install(self):
        for release, upgrades in self.grouped("release_id").items():
            upgrades.installation_id.release_id = release

    # Checks

    def _check_move(self, state):
        self.ensure_one()
        if self.state not in BEFORE[state]:
            raise ValidationError(
                self.env._(
                    "The upgrade '%(upgrade)s' is: %(old)s. It cannot become: "
                    "%(new)s. Follow its buttons.",
                    upgrade=self.display_name,
                    old=self._state_label(self.state),
                    new=self._state_label(state),
                )
            )
        if state == "agreed":
            self._check_may_be_agreed()
        if state == "quoted" and not self.sale_order_id:
            self._raise_nothing_quoted()
        if state in ("requested", "cancelled"):
            self._check_order_is_open()

    def _check_may_be_agreed(self):
        order = self.sudo().sale_order_id  # safe: only whether it is confirmed
        if order.state == "sale":
            return
        is_open = order.state in ("draft", "sent")
        if is_open or self.amount or not self.is_priced:
            raise ValidationError(
                self.env._(
                    "The upgrade '%(upgrade)s' is not free: %(cost)s Make a "
                    "quotation, or choose one that exists; its confirmation by the "
                    "customer agrees to the upgrade.",
                    upgrade=self.display_name,
                    cost=self.cost_text,
                )
            )
        if not (self.env.su or self.env.user.has_group("erp_aftersales.group_manager")):
            raise AccessError(
                self.env._(
                    "Only managers of after-sales agree to the upgrade '%s'. Ask one "
                    "of them, with an activity for example.",
                    self.display_name,
                )
            )

    def _check_order_is_open(self):
        order = self.sudo().sale_order_id  # safe: it is named, no more
        if order.state == "sale":
            raise ValidationError(
                self.env._(
                    "The order %(order)s for the upgrade '%(upgrade)s' is confirmed "
                    "and would be invoiced. Cancel the order first.",
                    order=order.name,
                    upgrade=self.display_name,
                )
            )

    def _check_order_is_known(self):
        """Who links a quotation, which may agree to the upgrade, can read it."""
        if self.sale_order_id:
            self.sale_order_id.check_access("read")

    def _check_is_open(self, *states):
        for upgrade in self.filtered(lambda upgrade: upgrade.state not in states):
            raise ValidationError(
                self.env._(
                    "The upgrade '%(upgrade)s' is: %(state)s. What it is about does "
                    "not change any more: cancel it and make a new one.",
                    upgrade=upgrade.display_name,
                    state=upgrade._state_label(upgrade.state),
                )
            )

    def _raise_nothing_quoted(self):
        raise ValidationError(
            self.env._(
                "There is nothing to quote for the upgrade '%(upgrade)s': %(cost)s "
                "Where the plan does not say the price, write a quotation and choose "
                "it here.",
                upgrade=self.display_name,
                cost=self.cost_text,
            )
        )

    def _raise_follows(self):
        raise ValidationError(
            self.env._(
                "What is agreed about an upgrade follows from its plan and its "
                "quotation: change the price there."
            )
        )

    def _state_label(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return labels[state]

    # Buttons

    def action_agree(self):
        """Agree to what costs nothing; what costs is agreed to by its order."""
        self.write({"state": "agreed"})

    def action_start(self):
        """The work begins."""
        self.write({"state": "in_progress"})

    def action_done(self):
        """The new release is installed."""
        self.write({"state": "done"})

    def action_cancel(self):
        """Nothing comes of it; an included one is free again."""
        self.write({"state": "cancelled"})

    def action_reopen(self):
        """Take up what was cancelled."""
        self.write({"state": "requested", "sale_order_id": False})

    def action_quote(self):
        """Make a quotation of what the upgrade costs, and open it."""
        self.ensure_one()
        if self.state != "requested" or not self.amount:
            self._raise_nothing_quoted()
        self.sale_order_id = self.env["sale.order"].create(self._order_vals())
        return self.action_open_order()

    def _order_vals(self):
        contract, customer = self.contract_id, self.contract_id.partner_id
        vals = {
            "partner_id": customer.id,
            "company_id": self.company_id.id,
            "aftersales_contract_id": contract.id,
            "origin": contract.code or contract.name,
        }
        if contract.pricelist_id.currency_id == self.currency_id:
            vals["pricelist_id"] = contract.pricelist_id.id
        order = self.env["sale.order"].new(vals)
        told = self.with_context(lang=customer.lang or self.env.lang)
        line = {
            "product_id": self.env.ref("erp_aftersales.product_upgrade").id,
            "name": f"{told.display_name}\n{told.cost_text}",
            "product_uom_qty": 1,
            "price_unit": self.currency_id._convert(
                self.amount,
                order.currency_id,
                self.company_id,
                fields.Date.context_today(self),
            ),
            "discount": 0,
        }
        return {**vals, "order_line": [fields.Command.create(line)]}

    def action_open_order(self):
        """Open the quotation."""
        self.ensure_one()
        return self.sale_order_id._get_records_action()

    # The order's way

    def _follow_order(self):
        """Quoted while the order is open, agreed when it is confirmed (D4)."""
        for upgrade in self:
            order = upgrade.sudo().sale_order_id  # safe: only its state counts
            if order.state == "sale" and upgrade.state in ("requested", "quoted"):
                upgrade.write({"state": "agreed"})
            elif order.state in ("draft", "sent") and upgrade.state == "requested":
                upgrade.write({"state": "quoted"})
            elif (
                order.state == "cancel" or (not order and upgrade.state == "quoted")
            ) and upgrade.state in ("quoted", "agreed"):
                upgrade.write({"state": "requested"})
