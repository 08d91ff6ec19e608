import { Component, onWillDestroy, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const SECOND = 1000;

/** How long a timer runs, ticking: the field says since when. */
export class AftersalesTimerField extends Component {
    static template = "erp_aftersales.TimerField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ now: Date.now() });
        const timer = setInterval(() => (this.state.now = Date.now()), SECOND);
        onWillDestroy(() => clearInterval(timer));
    }

    get elapsed() {
        const since = this.props.record.data[this.props.name];
        if (!since) {
            return "";
        }
        const seconds = Math.max(
            Math.floor((this.state.now - since.toMillis()) / SECOND),
            0
        );
        const parts = [
            Math.floor(seconds / 3600),
            Math.floor(seconds / 60) % 60,
            seconds % 60,
        ];
        return parts.map((part) => String(part).padStart(2, "0")).join(":");
    }
}

registry.category("fields").add("aftersales_timer", {
    component: AftersalesTimerField,
    displayName: _t("Running timer"),
    supportedTypes: ["datetime"],
});
