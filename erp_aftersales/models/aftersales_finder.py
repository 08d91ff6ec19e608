# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models

KNOWN = (
    "partner_id",
    "company_id",
    "team_id",
    "user_id",
    "category_id",
    "contract_id",
    "installation_id",
    "service_id",
    "project_id",
    "received_at",
)


class AftersalesFinder(models.AbstractModel):
    """Finds what a ticket lacks, where there is exactly one answer.

    It works on "known" dicts, one a ticket, of the names in ``KNOWN``. A name that is
    missing is asked for; one that is there, also an empty one, was decided by somebody
    and stays. However many tickets, the number of queries is the same.
    """

    _name = "aftersales.finder"
    _description = "Finder of a Ticket's Contract"

    @api.model
    def _known(self, ticket, vals):
        """What decides for a ticket that is there, under the values to be written."""
        known = {
            name: ticket[name]._origin.id
            if ticket._fields[name].type == "many2one"
            else ticket[name]
            for name in KNOWN
        }
        return {**known, **{name: vals[name] for name in KNOWN if name in vals}}

    @api.model
    def _found_by_values(self, tickets, vals):
        """Group tickets by what writing ``vals`` lets us find for them.

        :returns: tickets by a tuple of (name, value)
        """
        asked = set()
        if "partner_id" in vals:
            asked |= {"contract_id", "installation_id", "service_id"}
        if "contract_id" in vals:
            asked |= {"installation_id", "service_id"}
        if "category_id" in vals:
            asked |= {"service_id"}
        asked -= vals.keys()
        known_list = []
        for ticket in tickets:
            known = self._known(ticket, vals)
            for name in asked:
                if not known[name]:
                    del known[name]
            known_list.append(known)
        groups = {}
        for ticket, found in zip(tickets, self._found(known_list), strict=True):
            key = tuple(sorted(found.items()))
            groups[key] = groups.get(key, tickets.browse()) | ticket
        return groups or {(): tickets}

    @api.model
    def _found(self, known_list):
        """The values to write, a dict a ticket.

        Only ids leave this method: what is searched may be hidden from whoever opens
        the ticket, so the search itself is done as superuser.
        """
        finder = self.sudo()
        known_list = finder._complete(known_list)
        before = [dict(known) for known in known_list]
        finder._find_contracts(known_list)
        finder._find_installations(known_list)
        finder._find_services(known_list)
        finder._find_projects(known_list)
        return [
            {name: known[name] for name in known if name not in old}
            for old, known in zip(before, known_list, strict=True)
        ]

    @api.model
    def _complete(self, known_list):
        """The known values, with the team, company, customer and day that follow."""
        completed = []
        for known in known_list:
            user = self._pick("res.users", "user_id", known, known_list)
            team = self._pick("helpdesk.ticket.team", "team_id", known, known_list)
            company = self._pick("res.company", "company_id", known, known_list)
            partner = self._pick("res.partner", "partner_id", known, known_list)
            # A team given decides the company; that of the user only follows him.
            company = team.company_id or company or self.env.company
            team = team or user.helpdesk_team_ids[:1]
            received_at = known.get("received_at") or fields.Datetime.now()
            completed.append(
                {
                    **known,
                    "team_id": team.id,
                    "company_id": company.id,
                    "customer_id": partner.commercial_partner_id.id,
                    "day": company._aftersales_day(received_at),
                }
            )
        return completed

    @api.model
    def _pick(self, model, name, known, known_list):
        """The record of a known id, to be read together with those of all the list."""
        record = self.env[model].browse(known.get(name) or ())
        return record.with_prefetch([k[name] for k in known_list if k.get(name)])

    # -- contract --------------------------------------------------------------

    def _find_contracts(self, known_list):
        asking = [
            known
            for known in known_list
            if "contract_id" not in known and known["customer_id"]
        ]
        for known, contracts in zip(asking, self._candidates(asking), strict=True):
            if len(contracts) == 1:
                known["contract_id"] = contracts.id

    @api.model
    def _candidates_of(self, tickets):
        """Contracts that each of these tickets could stand under, in their order."""
        known_list = [self._known(ticket, {}) for ticket in tickets]
        # What is found may be hidden from the reader; who shows it asks for rights.
        finder = self.sudo()
        return finder._candidates(finder._complete(known_list))

    @api.model
    def _candidates(self, known_list):
        """The contracts of each one's customer that run on its day."""
        contracts = self._running_contracts(known_list)
        return [
            contracts.filtered(
                lambda c, known=known: (
                    c.commercial_partner_id.id == known["customer_id"]
                    and c.company_id.id == known["company_id"]
                    and c.date_start <= known["day"]
                    and (not c.date_end or c.date_end >= known["day"])
                )
            )
            for known in known_list
        ]

    def _running_contracts(self, asking):
        """All contracts that may be the answer for one of those who ask."""
        if not asking:
            return self.env["contract.contract"]
        return self.env["contract.contract"].search(
            [
                ("commercial_partner_id", "in", [k["customer_id"] for k in asking]),
                ("company_id", "in", [k["company_id"] for k in asking]),
                ("contract_type", "=", "sale"),
                ("aftersales_term_ids", "!=", False),
                ("date_start", "!=", False),
            ]
        )

    # -- installation ----------------------------------------------------------

    def _find_installations(self, known_list):
        asking = [known for known in known_list if "installation_id" not in known]
        owned = self._installations_of({k["customer_id"] for k in asking} - {False})
        for known in asking:
            contract = self._pick("contract.contract", "contract_id", known, asking)
            found = contract.installation_ids or owned.get(known["customer_id"], ())
            if len(found) == 1 and self._fits(found, known):
                known["installation_id"] = found.id

    def _installations_of(self, customer_ids):
        """Installations by commercial partner id."""
        if not customer_ids:
            return {}
        installations = self.env["aftersales.installation"].search(
            [("commercial_partner_id", "in", list(customer_ids))]
        )
        return {
            customer.id: found
            for customer, found in installations.grouped(
                lambda i: i.commercial_partner_id
            ).items()
        }

    @api.model
    def _fits(self, installation, known):
        company_id = installation.company_id.id
        return not company_id or company_id == known["company_id"]

    # -- service ---------------------------------------------------------------

    def _find_services(self, known_list):
        asking = [known for known in known_list if "service_id" not in known]
        for known in asking:
            category = self._pick(
                "helpdesk.ticket.category", "category_id", known, asking
            )
            contract = self._pick("contract.contract", "contract_id", known, asking)
            service = (
                category.aftersales_service_id
                or contract.aftersales_plan_id.default_service_id
            )
            if service:
                known["service_id"] = service.id

    # -- project ---------------------------------------------------------------

    def _find_projects(self, known_list):
        for known in known_list:
            if "project_id" not in known:
                company = self.env["res.company"].browse(known["company_id"])
                team = self._pick("helpdesk.ticket.team", "team_id", known, known_list)
                project = team.with_company(company).default_project_id
                if not project.allow_timesheets:
                    project = company._aftersales_project()
                known["project_id"] = project.id
