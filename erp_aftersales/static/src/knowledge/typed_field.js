import { useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useDebounced } from "@web/core/utils/timing";
import { CharField, charField } from "@web/views/fields/char/char_field";

/** How long a person pauses before the form hears of what was typed, in ms. */
const PAUSE = 400;

/**
 * A text that tells its form what is typed while it is typed, not when it is left: so
 * that what depends on it, as proposed articles, is there in time.
 */
export class TypedField extends CharField {
    setup() {
        super.setup();
        const tell = useDebounced(this.tell, PAUSE);
        useEffect(
            (input) => {
                if (!input) {
                    return;
                }
                // Letters on their way to a Chinese character are no text yet.
                const onInput = (ev) => ev.isComposing || tell();
                input.addEventListener("input", onInput);
                input.addEventListener("compositionend", tell);
                return () => {
                    input.removeEventListener("input", onInput);
                    input.removeEventListener("compositionend", tell);
                };
            },
            () => [this.input.el]
        );
    }

    tell() {
        const { name, record } = this.props;
        const value = this.input.el && this.parse(this.input.el.value);
        if (value && value !== record.data[name]) {
            record.update({ [name]: value });
        }
    }
}

registry.category("fields").add("aftersales_typed", {
    ...charField,
    component: TypedField,
});
