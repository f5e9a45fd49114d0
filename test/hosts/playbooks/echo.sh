#!/bin/sh
# Answers one request with what was asked, on standard input and output.
read -r method path protocol
case $path in
/broken) status='500 Broken' ;;
/healthz) status='404 Unknown' ;;
*) status='200 Fine' ;;
esac
seen="$method $path"
while read -r line; do
  line=$(printf %s "$line" | tr -d '\r')
  [ -n "$line" ] || break
  seen="$seen
$line"
  case $line in [Uu]pgrade:*) status='101 Switching Protocols' upgrade='Upgrade: websocket\r\n' ;; esac
done
printf "HTTP/1.1 $status\r\n${upgrade}Connection: ${upgrade:+Upgrade, }close\r\nX-Frame-Options: DENY\r\n\r\n%s\n" "$seen"
