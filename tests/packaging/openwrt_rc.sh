#!/bin/sh
# Plays OpenWrt's rc.common, functions.sh, network.sh and procd for the init script of siproxd.
#   openwrt_rc.sh <init script> <folder> <command of siproxd> <action>
# The folder holds "uci", the text of /etc/config/siproxd, and "devices" with a line "network device"
# each. What is told to procd and to the log goes to its files "procd" and "log".

initscript="$1"
world="$2"
program="$3"
action="$4"

logger() {
	local level="$5"
	shift 5
	echo "$level $*" >>"$world/log"
}

chown() { :; }

network_get_device() {
	local found
	found="$(sed -n "s/^$2 //p" "$world/devices")"
	eval "$1=\$found"
	[ -n "$found" ]
}
network_get_physdev() { network_get_device "$@"; }

reset_cb() {
	config_cb() { :; }
	option_cb() { :; }
	list_cb() { :; }
}
reset_cb

# Takes a package file whose values hold no quotation marks inside.
config_load() {
	local word name value last=''
	sections=''
	while read -r word name value; do
		value="${value#\'}"
		value="${value%\'}"
		case "$word" in
			config)
				last="${value:-cfg}"
				sections="$sections $name:$last"
				config_cb "$name" "$last"
				;;
			option)
				eval "value_${last}_$name=\$value"
				option_cb "$name" "$value"
				;;
			list) list_cb "$name" "$value" ;;
		esac
	done <"$world/uci"
	[ -z "$last" ] || config_cb
}

config_foreach() {
	local entry
	for entry in $sections; do
		[ "${entry%%:*}" != "$2" ] || "$1" "${entry#*:}"
	done
}

config_get() { eval "$1=\"\$value_${2}_$3\""; }

procd_open_instance() { echo "instance $*" >>"$world/procd"; }
procd_set_param() { echo "param $*" >>"$world/procd"; }
procd_close_instance() { echo "end" >>"$world/procd"; }
procd_add_reload_trigger() { echo "reload trigger $*" >>"$world/procd"; }
procd_add_interface_trigger() { echo "interface trigger $*" >>"$world/procd"; }

. "$initscript"

PROG="$program"
CONF_DIR="$world/etc"
STATE_DIR="$world/lib"

case "$action" in
	start | reload)
		start_service
		service_triggers
		;;
	stop) stop_service ;;
esac
