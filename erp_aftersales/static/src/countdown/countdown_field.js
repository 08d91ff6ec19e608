import { Component, onWillUnmount, useState } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;
const MINUTE = 60000;

/** The clocks of a page tick together, at the full minute, without the server. */
const clock = {
    shown: new Set(),
    add(tick) {
        this.shown.add(tick);
        if (this.shown.size === 1) {
            this.wait();
        }
    },
    wait() {
        const rest = MINUTE - (Date.now() % MINUTE);
        this.timer = setTimeout(() => {
            this.shown.forEach((tick) => tick());
            this.wait();
        }, rest);
    },
    remove(tick) {
        this.shown.delete(tick);
        if (!this.shown.size) {
            clearTimeout(this.timer);
        }
    },
};

function duration(minutes) {
    const days = Math.floor(minutes / 1440);
    const hours = Math.floor((minutes % 1440) / 60);
    const rest = minutes % 60;
    if (days && !hours) {
        return _t("%(days)s d", { days });
    }
    if (days) {
        return _t("%(days)s d %(hours)s h", { days, hours });
    }
    if (hours && !rest) {
        return _t("%(hours)s h", { hours });
    }
    if (hours) {
        return _t("%(hours)s h %(minutes)s min", { hours, minutes: rest });
    }
    return _t("%(minutes)s min", { minutes: rest });
}

/**
 * How long until a deadline, or how late it is. Where the clock does not run the state
 * says so, and nothing moves. A target is met until the end of its minute (L1).
 */
export class CountdownField extends Component {
    static template = "erp_aftersales.CountdownField";
    static props = { ...standardFieldProps, stateField: { type: String, optional: true } };

    setup() {
        this.now = useState({ at: Date.now() });
        const tick = () => (this.now.at = Date.now());
        clock.add(tick);
        onWillUnmount(() => clock.remove(tick));
    }

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    get state() {
        return this.props.stateField && this.props.record.data[this.props.stateField];
    }

    get title() {
        return this.deadline ? formatDateTime(this.deadline) : "";
    }

    /** Text and colour. */
    get shown() {
        if (!this.deadline || this.state === "none") {
            return { text: "", color: "" };
        }
        const still = {
            met: { text: _t("met"), color: "text-success" },
            met_late: { text: _t("met late"), color: "text-danger" },
            paused: { text: _t("paused"), color: "text-muted" },
        };
        return still[this.state] || this.running;
    }

    get running() {
        // Both at their minute: what is shown changes when the clock on the wall does.
        const now = DateTime.fromMillis(this.now.at).startOf("minute");
        const left = this.deadline.startOf("minute").diff(now, "minutes").minutes;
        const text = duration(Math.abs(Math.round(left)));
        if (left < 0) {
            const color = "text-danger fw-bold o_aftersales_late";
            return { text: _t("late by %s", text), color };
        }
        if (this.state === "breached") {
            return { text: _t("late"), color: "text-danger fw-bold o_aftersales_late" };
        }
        if (left === 0) {
            return { text: _t("due now"), color: "text-warning fw-bold" };
        }
        if (this.state === "at_risk") {
            return { text: _t("at risk: %s left", text), color: "text-warning fw-bold" };
        }
        return { text: _t("%s left", text), color: "" };
    }
}

registry.category("fields").add("aftersales_countdown", {
    component: CountdownField,
    displayName: _t("Countdown"),
    supportedTypes: ["datetime"],
    extractProps: ({ options }) => ({ stateField: options.state_field }),
    fieldDependencies: ({ options }) =>
        options.state_field
            ? [{ name: options.state_field, type: "selection", readonly: true }]
            : [],
});
