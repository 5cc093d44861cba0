# Completion of siproxd(8) for bash. Made by "deno task docs".
# shellcheck shell=bash disable=SC2207
_siproxd() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}" word
  COMPREPLY=()
  case "$previous" in
    -c | --config | -p | --pid-file)
      COMPREPLY=($(compgen -f -- "$current"))
      return
      ;;
    -d | --debug)
      COMPREPLY=($(compgen -W "-1 BABBLE NET SIP REG NOSPEC PROXY DNS NETTRAF CONFIG RTP ACCESS AUTH PLUGIN RTPBABL" -- "$current"))
      return
      ;;
    --set)
      compopt -o nospace 2>/dev/null
      COMPREPLY=($(compgen -W "if_inbound= if_outbound= host_outbound= ipv6= hosts_allow_reg= hosts_allow_sip= hosts_deny_sip= wan_peers= sip_listen_port= default_expires= lan_expires= use_rport= force_rport= ua_string= obscure_loops= user_part_matching= compat_responses= use_srv= daemonize= user= chrootjail= pid_file= registration_file= autosave_registrations= registration_write_delay= max_registrations= rtp_proxy_enable= rtp_port_low= rtp_port_high= rtp_timeout= rtp_hold_timeout= rtp_input_dejitter= rtp_output_dejitter= media_workers= thread_stack_size= rtp_dscp= sip_dscp= firewall_module= firewall_command= media_offload= tcp_timeout= tcp_connect_timeout= tcp_keepalive= proxy_auth_realm= proxy_auth_passwd= proxy_auth_pwfile= proxy_auth_scope= proxy_auth_algorithm= silence_log= debug_level= debug_port= debug_address= log_format= log_level= syslog_socket= syslog_server= mask_host= masked_host= outbound_proxy_host= outbound_proxy_port= outbound_domain_name= outbound_domain_host= outbound_domain_port= plugindir= load_plugin= plugin_strict= status_socket= metrics_listen=" -- "$current"))
      return
      ;;
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "-h --help -c --config -d --debug -p --pid-file --set --json --all --version" -- "$current"))
    return
  fi
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    if [[ $word == check ]]; then
      COMPREPLY=($(compgen -f -- "$current"))
      return
    fi
  done
  COMPREPLY=($(compgen -W "run check config status demo self-test" -- "$current"))
}
complete -F _siproxd siproxd
