import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "aftersales.dispatch.board";
const REFRESHED_EVERY = 60000;

/** Who is free, who is loaded, what is about to breach: work finds its person (D1). */
export class DispatchBoard extends Component {
    static template = "erp_aftersales.DispatchBoard";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({
            board: { queue: [], people: [], now: "", more: 0 },
            chosen: null,
            over: null,
            search: "",
        });
        this.display = { controlPanel: {} };
        onWillStart(() => this.refresh());
        const timer = setInterval(() => this.refresh({ silent: true }), REFRESHED_EVERY);
        onWillUnmount(() => clearInterval(timer));
    }

    /** What is asked for by the clock disturbs nobody: no spinner, no error. */
    async refresh({ silent } = {}) {
        try {
            const orm = silent ? this.orm.silent : this.orm;
            this.show(await orm.call(MODEL, "board", []));
        } catch (error) {
            if (!silent) {
                throw error;
            }
        }
    }

    show(board) {
        this.state.board = board;
        const stays = board.queue.some((ticket) => ticket.id === this.state.chosen);
        this.state.chosen = stays ? this.state.chosen : null;
    }

    get unassigned() {
        return this.state.board.queue.filter((ticket) => !ticket.user_id);
    }

    get atRisk() {
        return this.state.board.queue.filter((ticket) => ticket.user_id);
    }

    /** People whose name or skill is asked for. */
    get people() {
        const asked = this.state.search.trim().toLowerCase();
        return this.state.board.people.filter((person) =>
            [person.name, person.grade, ...person.skills, ...person.languages]
                .join("\n")
                .toLowerCase()
                .includes(asked)
        );
    }

    get moreLabel() {
        return _t("And %s more.", this.state.board.more);
    }

    stateLabel(person) {
        const until = person.until;
        switch (person.state) {
            case "free":
                return until ? _t("Free, works until %s", until) : _t("Free");
            case "busy":
                return until ? _t("Busy, works until %s", until) : _t("Busy");
            case "duty":
                return _t("On duty until %s", until);
            case "away":
                return until ? _t("Away until %s", until) : _t("Away");
            default:
                return until ? _t("Off until %s", until) : _t("Off");
        }
    }

    ticketsLabel(person) {
        return person.tickets === 1 ? _t("1 ticket") : _t("%s tickets", person.tickets);
    }

    assignLabel(person) {
        return _t("Assign to %s", person.name);
    }

    choose(ticket) {
        this.state.chosen = this.state.chosen === ticket.id ? null : ticket.id;
    }

    onDragStart(ev, ticket) {
        ev.dataTransfer.setData("text/plain", String(ticket.id));
        ev.dataTransfer.effectAllowed = "move";
        this.state.chosen = ticket.id;
    }

    onDragOver(ev, person) {
        ev.preventDefault();
        this.state.over = person.id;
    }

    async onDrop(ev, person) {
        ev.preventDefault();
        this.state.over = null;
        await this.assign(this.state.chosen, person);
    }

    async assign(ticketId, person) {
        const ticket = this.state.board.queue.find((each) => each.id === ticketId);
        if (!ticket || ticket.user_id === person.id) {
            return;
        }
        this.show(await this.orm.call(MODEL, "assign", [ticketId, person.id]));
        this.notification.add(_t("%(ticket)s goes to %(person)s.", {
            ticket: ticket.number,
            person: person.name,
        }), { type: "success" });
    }

    async assignBest(ticket) {
        const board = await this.orm.call(MODEL, "assign_best", [ticket.id]);
        this.show(board);
        if (!board.fits) {
            this.notification.add(
                _t("Nobody fits %s now: look who could take it.", ticket.number),
                { type: "warning" }
            );
        }
    }

    async openCandidates(ticket) {
        const action = await this.orm.call(
            "helpdesk.ticket",
            "action_aftersales_candidates",
            [ticket.id]
        );
        action.views = [[false, "form"]];
        this.action.doAction(action, { onClose: () => this.refresh() });
    }

    openTicket(ticket) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "helpdesk.ticket",
            res_id: ticket.id,
            views: [[false, "form"]],
        });
    }

    openTicketsOf(person) {
        this.action.doAction({
            type: "ir.actions.act_window",
            name: person.name,
            res_model: "helpdesk.ticket",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["user_id", "=", person.id],
                ["stage_id.closed", "=", false],
            ],
        });
    }
}

registry.category("actions").add("erp_aftersales.dispatch_board", DispatchBoard);
