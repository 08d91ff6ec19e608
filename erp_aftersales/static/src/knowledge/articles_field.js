import { Component, markup, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The articles that may answer a ticket. One is read where it stands, so that a ticket
 * that is being typed need not be left, and says with one click that it was the answer.
 */
export class ArticlesField extends Component {
    static template = "erp_aftersales.ArticlesField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ openId: false, content: "" });
    }

    get articles() {
        return this.props.record.data[this.props.name].records.map((record) => ({
            id: record.resId,
            title: record.data.name,
            solved: record.data.aftersales_solved_count,
            isPublished: record.data.aftersales_is_published,
        }));
    }

    async toggle(article) {
        if (this.state.openId === article.id) {
            this.state.openId = false;
            return;
        }
        const [page] = await this.orm.read(
            "document.page",
            [article.id],
            ["aftersales_safe_content"]
        );
        // The server has sanitised it.
        this.state.content = markup(page.aftersales_safe_content || "");
        this.state.openId = article.id;
    }

    /** As a button of the form: saves a new ticket first, and shows what changed. */
    async solvedBy(article) {
        await this.env.onClickViewButton({
            clickParams: {
                type: "object",
                name: "action_aftersales_solved_by",
                args: JSON.stringify([article.id]),
            },
            getResParams: () => {
                const { context, evalContext, resId, resIds, resModel } =
                    this.props.record;
                return { context, evalContext, resId, resIds, resModel };
            },
        });
    }
}

registry.category("fields").add("aftersales_articles", {
    component: ArticlesField,
    supportedTypes: ["many2many"],
    relatedFields: [
        { name: "name", type: "char" },
        { name: "aftersales_solved_count", type: "integer" },
        { name: "aftersales_is_published", type: "boolean" },
    ],
});
