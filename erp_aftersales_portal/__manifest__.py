# Copyright 2026 ERP After-sales contributors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "ERP After-sales: Customer Portal",
    "summary": "The customer sees what is covered, what is left and what it costs",
    "version": "19.0.1.0.0",
    "category": "Services/Helpdesk",
    "license": "AGPL-3",
    "author": "ERP After-sales contributors",
    "website": "https://github.com/erp-aftersales/erp-aftersales",
    "maintainers": ["erp-aftersales"],
    "development_status": "Beta",
    "depends": ["erp_aftersales", "portal"],
    "data": [
        "views/res_partner_views.xml",
        "views/portal_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": ["erp_aftersales_portal/static/src/scss/*"],
        "web.assets_tests": ["erp_aftersales_portal/static/tests/tours/**/*"],
    },
}
