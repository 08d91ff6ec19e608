#!/usr/bin/env bash
# Completes the configuration with what must not stand in a file of the image, and starts Odoo.
#   install   install our add-ons, or update them, and end
#   serve     serve
set -euo pipefail

configuration=/tmp/odoo.conf
umask 077
cp /etc/odoo/aftersales.conf "$configuration"
cat >>"$configuration" <<END
admin_passwd = $ODOO_ADMIN_PASSWORD
db_host = $HOST
db_user = $USER
db_password = $PASSWORD
db_name = $ODOO_DATABASE
dbfilter = ^$ODOO_DATABASE\$
END

case "${1:-serve}" in
install)
    addons="$(cd /opt/aftersales && find . -mindepth 2 -maxdepth 2 -name __manifest__.py -printf '%h\n' | sed 's|^\./||' | paste -sd,)"
    exec odoo -c "$configuration" -i "$addons" -u "$addons" --load-language=en_US,zh_CN --stop-after-init --no-http
    ;;
serve)
    exec odoo -c "$configuration"
    ;;
*)
    exec "$@"
    ;;
esac
