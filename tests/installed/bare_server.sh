#!/bin/bash
# bare_server.sh ROOT PACKED NEWER
#
# Does what docs/operations.md says of a server, in a bare Debian at ROOT (made when it is not there), and looks at what
# comes of it. The Debian boots: systemd is process 1 of its own namespaces, with a network that is only its own. Needs
# root and debootstrap. PACKED and NEWER are what `dev.py build server` made; SAMPLE=DIR adds estimates.
# Ends with "N passed, N failed"; 1 when something failed.
set -u
ROOT=$(realpath -m "$1") PACKED=$(realpath "$2") NEWER=$(realpath "$3")
BEGUN=$(date +%s)

# Private mounts from here on: whatever happens, none is left behind.
if [ -z "${FOLLOW_INSIDE:-}" ]; then
    FOLLOW_INSIDE=1 exec unshare -m --propagation private bash "$0" "$@"
fi
GROUPS_OF_MINE=$(mktemp -d)
mount -t cgroup2 none "$GROUPS_OF_MINE"
GROUP=$GROUPS_OF_MINE/follow-$$
mkdir "$GROUP"
BOOT=
end() {
    [ -n "$BOOT" ] && kill -9 "$BOOT" 2>/dev/null && wait "$BOOT" 2>/dev/null
    rm -f "$GROUPS_OF_MINE.boot"
    for _ in $(seq 50); do [ -z "$(find "$GROUP" -name cgroup.procs -exec cat {} + 2>/dev/null)" ] && break; sleep 0.1; done
    find "$GROUP" -depth -type d -exec rmdir {} \; 2>/dev/null
    umount "$GROUPS_OF_MINE" && rmdir "$GROUPS_OF_MINE"
}
trap end EXIT

# ---- a bare machine
if [ ! -e "$ROOT/etc/debian_version" ]; then
    debootstrap --variant=minbase --include=systemd-sysv,dbus bookworm "$ROOT" > "$ROOT.log" 2>&1 || { tail "$ROOT.log"; exit 1; }
fi
cp /etc/resolv.conf /etc/hosts "$ROOT/etc/"
cp -r /etc/apt/apt.conf.d/. "$ROOT/etc/apt/apt.conf.d/"
echo bare > "$ROOT/etc/hostname"
[ -n "${PIP_CERT:-}" ] && cp "$PIP_CERT" "$ROOT/root/pip-ca.crt"
printf '#!/bin/sh\nexit 101\n' > "$ROOT/usr/sbin/policy-rc.d"; chmod 755 "$ROOT/usr/sbin/policy-rc.d"
K=$ROOT/root/repaircenter
mkdir -p "$K"
tar xzf "$PACKED" -C "$K" --strip-components=1
cp "$NEWER" "$K/newer.tar.gz"
cat > "$K/longpoll.py" <<'INSIDE'
"""Waits for news as a paired PC; prints for how long, and how many there were."""
import sys, time
from repaircenter.uplink.http import Http
from repaircenter.wire import endpoints
from repaircenter.wire.feed import ChangesRequest
from repaircenter.wire.identity import PairRequest, SessionRequest
http = Http(sys.argv[1])
pair = http.call(endpoints.PAIR, PairRequest(email=sys.argv[2], password=sys.argv[3], device_name="probe"))
token = http.call(endpoints.OPEN_SESSION, SessionRequest(installation_id=pair.installation_id, secret=pair.secret)).token
place = http.call(endpoints.CHANGES, ChangesRequest(), token=token).next
start = time.monotonic()
answer = http.call(endpoints.CHANGES, ChangesRequest(after=place, wait_seconds=25.0), token=token)
print(f"{time.monotonic() - start:.1f} {len(answer.changes)}")
INSIDE
[ -n "${SAMPLE:-}" ] && cp -r "$SAMPLE" "$K/sample"
PATHS=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
echo "bare machine: $(( $(date +%s) - BEGUN )) s"

# ---- "Packages" and "The program", which need the network
mount -t proc proc "$ROOT/proc"
cat > "$K/before.sh" <<'INSIDE'
set -eux
cd /root/repaircenter
apt-get update -q
apt-get install -y -q python3 python3-venv postgresql nginx openssl curl
python3 -m venv /opt/repaircenter
/opt/repaircenter/bin/pip install -q --require-hashes -r service.txt
/opt/repaircenter/bin/pip install -q --no-deps repaircenter-*.whl
INSIDE
chroot "$ROOT" env -i $PATHS HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive ${PIP_CERT:+PIP_CERT=/root/pip-ca.crt} \
    bash /root/repaircenter/before.sh > "$ROOT.log" 2>&1 || { tail -20 "$ROOT.log"; exit 1; }
umount "$ROOT/proc"
rm "$ROOT/usr/sbin/policy-rc.d"
echo "installed: $(( $(date +%s) - BEGUN )) s"

# ---- it boots
for unit in console-getty.service dev-hugepages.mount sys-fs-fuse-connections.mount sys-kernel-debug.mount sys-kernel-tracing.mount; do
    ln -sf /dev/null "$ROOT/etc/systemd/system/$unit"  # of the kernel's, which is not this machine's alone
done
cat > "$GROUPS_OF_MINE.boot" <<'INSIDE'
set -e
R=$1
mount --make-rprivate /
mount --bind "$R" "$R"
mount -t proc proc "$R/proc"
mount --bind "$R/proc/sys" "$R/proc/sys"; mount -o remount,ro,bind "$R/proc/sys"
mount -t sysfs sysfs "$R/sys"
umount -R "$R/sys/fs/cgroup" 2>/dev/null || true
mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$R/dev"
for name in null zero full random urandom tty; do cp -a "/dev/$name" "$R/dev/"; done
mkdir "$R/dev/pts" "$R/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$R/dev/pts"; ln -s pts/ptmx "$R/dev/ptmx"
mount -t tmpfs -o mode=1777 tmpfs "$R/dev/shm"
ln -s /proc/self/fd "$R/dev/fd"
for number in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${number%:*}" "$R/dev/${number#*:}"; done
touch "$R/dev/console"; mount --bind /dev/null "$R/dev/console"
mount -t tmpfs -o mode=755 tmpfs "$R/run"
mount -t tmpfs -o mode=1777 tmpfs "$R/tmp"
cd "$R"
pivot_root . .
umount -l .
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 /lib/systemd/systemd --system
INSIDE
boot() {
setsid bash -c 'echo $$ > "$1/cgroup.procs"; exec unshare -m -p -n -u -i -C --fork --kill-child bash "$2" "$3"' \
    - "$GROUP" "$GROUPS_OF_MINE.boot" "$ROOT" < /dev/null > "$ROOT.boot.log" 2>&1 &
BOOT=$!
for _ in $(seq 60); do INIT=$(first); [ -n "$INIT" ] && [ "$(cat /proc/$INIT/comm)" = systemd ] && break; sleep 0.25; done
for _ in $(seq 120); do state=$(on systemctl is-system-running 2>/dev/null); [ "$state" = running ] && break; sleep 0.5; done
[ "$state" = running ] || { echo "it does not boot here: $state"; cat "$ROOT.boot.log"; on systemctl --failed; exit 1; }
}
first() { pgrep -P "$BOOT" | head -1; }
on() { nsenter -t "$INIT" -a env -i $PATHS HOME=/root LANG=C.UTF-8 "$@"; }
halt() {
    kill -9 "$BOOT"; wait "$BOOT" 2>/dev/null
    for _ in $(seq 50); do [ -z "$(find "$GROUP" -name cgroup.procs -exec cat {} +)" ] && break; sleep 0.1; done
    BOOT=
}
boot
echo "booted: $(( $(date +%s) - BEGUN )) s"

# ---- everything else of the text, word by word, then what came of it
cat > "$K/lib.sh" <<'INSIDE'
passed=0 failed=0
A=https://surveys.example.com
check() { # check WHAT COMMAND...
    local what=$1; shift
    if "$@" > /tmp/said 2>&1; then passed=$((passed + 1)); echo "ok      $what"
    else failed=$((failed + 1)); echo "FAILED  $what"; told | tail -25; fi
}
status_is() { local wanted=$1; shift; local got; got=$(curl -s -o /tmp/body -w '%{http_code}' "$@"); [ "$got" = "$wanted" ] || { echo "$got"; cat /tmp/body; return 1; }; }
within() { local seconds=$1; shift; local end=$((SECONDS + seconds)); until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.2; done; }
took() { local from=$(date +%s%N); "$@"; local code=$?; echo "$(( ($(date +%s%N) - from) / 1000000 )) ms: $*" | tee -a /tmp/took; return $code; }
local_ready() { status_is 200 http://127.0.0.1:8470/ready; }
agent() { runuser -u shop -- env HOME=/home/shop REPAIRCENTER_PASSWORD=choose-your-own /opt/repaircenter/bin/repaircenter agent --once "$@"; }
poll() { /opt/repaircenter/bin/python longpoll.py $A ada@example.com choose-your-own; }
pid() { systemctl show -P MainPID $1; }
told() { sed 's/^/        /' /tmp/said; }
count() { echo "$passed $failed" >> /root/repaircenter/counts; }
INSIDE
cat > "$K/after.sh" <<'INSIDE'
cd /root/repaircenter
. ./lib.sh

# The user and the folders
useradd --system --user-group --no-create-home --home-dir /var/lib/repaircenter --shell /usr/sbin/nologin repaircenter
install -d /etc/repaircenter
install -d -m 0700 /var/backups/repaircenter

# The database
password=$(openssl rand -hex 24)
echo "CREATE ROLE repaircenter_admin LOGIN SUPERUSER PASSWORD '$password'" | (cd / && runuser -u postgres -- psql -q)
install -m 0600 service/service.env /etc/repaircenter/service.env
sed -i "s/DATABASE-PASSWORD/$password/" /etc/repaircenter/service.env
# (the person writes address and mail; here messages become files)
sed -i "s#--smtp .*example.com'#--mail-folder /var/lib/repaircenter/mail'#" /etc/repaircenter/service.env

# The units
install -m 0755 service/repaircenter-central /usr/local/sbin/
install -m 0644 service/*.service service/*.timer /etc/systemd/system/
systemctl daemon-reload
check "the units are sound" systemd-analyze verify /etc/systemd/system/repaircenter*
check "init" took repaircenter-central init; told | tail -1
cat > /root/group.json <<'JSON'
{"organisation": "My group",
 "shops": [{"name": "North", "zone": "America/Toronto", "language": "en", "address": "1 Main St, Toronto"}],
 "persons": [{"email": "ada@example.com", "name": "Ada", "password": "choose-your-own",
              "role": "shop_admin", "language": "en"}],
 "programmes": [{"name": "My customers", "kind": "shop", "ageing_days": 19}]}
JSON
chmod 600 /root/group.json
check "set-up" repaircenter-central admin set-up /root/group.json
check "list" repaircenter-central admin list
systemctl enable --now -q repaircenter-web repaircenter-worker repaircenter-backup.timer
check "ready here" took within 30 local_ready; told | tail -1
check "the worker runs" within 20 sh -c 'journalctl -u repaircenter-worker | grep -q "worker runs"'

# TLS
install -d -m 0700 /etc/ssl/repaircenter
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=surveys.example.com -addext subjectAltName=DNS:surveys.example.com \
    -keyout /etc/ssl/repaircenter/privkey.pem -out /etc/ssl/repaircenter/fullchain.pem 2> /dev/null
install -m 0644 service/nginx-repaircenter.conf /etc/nginx/sites-available/repaircenter
ln -s ../sites-available/repaircenter /etc/nginx/sites-enabled/
check "nginx takes the site" nginx -t
systemctl reload nginx

# ---- from outside
echo "127.0.0.1 surveys.example.com" >> /etc/hosts
cp /etc/ssl/repaircenter/fullchain.pem /usr/local/share/ca-certificates/surveys.crt
update-ca-certificates > /dev/null 2>&1
sleep 1
check "/live by TLS" status_is 200 $A/live
check "/ready by TLS" status_is 200 $A/ready
check "http leads to https" sh -c "curl -si http://surveys.example.com/s/x | grep -qi '^location: https://surveys.example.com/s/x'"
check "no survey: 404 and a page" status_is 404 $A/s/nothing
useradd --create-home shop
install -d -o shop /home/shop/ems
[ -d sample ] && install -o shop -m 0644 sample/* /home/shop/ems/
check "a PC is paired and uploads" took agent --service $A --pair ada@example.com --folder /home/shop/ems
told
check "and again" agent --json
check "a desk waits for news" poll; echo "        $(cat /tmp/said) (seconds, changes)"
report() { REPAIRCENTER_PASSWORD=choose-your-own /opt/repaircenter/bin/repaircenter report run R-29 --service $A --email ada@example.com --out /root/jobs.pdf; }
check "a report" report
head -c 9000000 /dev/zero > /tmp/nine; head -c 11000000 /dev/zero > /tmp/eleven
W="RepairCenter-Wire: 1"
J="Content-Type: application/json"
check "9 MB reach the service" sh -c "curl -s -H '$W' -H '$J' --data-binary @/tmp/nine $A/api/v1/jobs/batch | grep -q '\"code\"'"
check "11 MB do not" status_is 413 -H "$W" -H "$J" --data-binary @/tmp/eleven $A/api/v1/jobs/batch
storm() { local number; for number in $(seq 330); do echo "next"; echo "url = $A/api/v1/refresh"; echo "header = \"X-Forwarded-For: 10.0.$((number / 250)).$((number % 250))\""
    echo "header = \"$W\""; echo "header = \"$J\""; echo 'data = {"refresh":"x"}'; echo 'output = /dev/null'; echo 'write-out = "%{http_code}\\n"'; done | sed 1d | curl -s -K - | sort | uniq -c; }
storm > /tmp/storm; sed 's/^/        /' /tmp/storm
check "300 requests a minute of one address, whatever it says of itself" grep -q ' 429' /tmp/storm
check "another address is not held up" sh -c "curl -s -o /dev/null -w '%{http_code}' --interface 127.0.0.2 -H '$W' -H '$J' -d '{\"refresh\":\"x\"}' $A/api/v1/refresh | grep -q 401"
check "nothing of a survey's path is in nginx's logs" sh -c "! grep -rq '/s/nothing' /var/log/nginx"

# ---- it is run
check "backup by the timer's unit" took systemctl start repaircenter-backup; told | tail -1
check "it is root's" sh -c 'find /var/backups/repaircenter -name "*.dump" -user root -perm 600 | grep -q .'
sh -c '. /etc/repaircenter/service.env; echo "$REPAIRCENTER_DATABASE"' | sed 's#/repaircenter$#/rehearsal#' > /tmp/other
rehearse() { REPAIRCENTER_DATABASE=$(cat /tmp/other) /opt/repaircenter/bin/repaircenter central restore /var/backups/repaircenter/*.dump && REPAIRCENTER_DATABASE=$(cat /tmp/other) /opt/repaircenter/bin/repaircenter central admin list; }
check "a restore is rehearsed in another database" rehearse
grep -q North /tmp/said || echo "        the shop is not in it"
(cd / && runuser -u postgres -- dropdb rehearsal)
check "it goes on after the rehearsal" status_is 200 $A/ready
kill -9 $(pid repaircenter-web) $(pid repaircenter-worker)
sleep 1
check "back after kill -9" took within 30 status_is 200 $A/ready; told | tail -1
check "the worker, too" within 30 systemctl -q is-active repaircenter-worker
systemctl restart postgresql
check "back after the database was restarted" took within 30 status_is 200 $A/ready; told | tail -1
systemctl stop postgresql
check "/ready is 503 without it" within 10 status_is 503 $A/ready
check "/live is 200 without it" status_is 200 $A/live
systemctl start postgresql
check "back with it" took within 30 status_is 200 $A/ready; told | tail -1
( poll > /tmp/polled 2>&1 & ); sleep 3
check "SIGTERM ends requests, one waits for news" took systemctl stop repaircenter-web; told
check "SIGTERM ends tasks" took systemctl stop repaircenter-worker; told
check "with 0" sh -c '[ "$(systemctl show -P ExecMainStatus repaircenter-web)$(systemctl show -P ExecMainStatus repaircenter-worker)" = 00 ]'
echo "        who waited: $(tail -1 /tmp/polled)"
check "502 while it is away" status_is 502 $A/ready

# An upgrade
check "a backup before it" repaircenter-central backup /var/backups/repaircenter/before.dump
mkdir newer && tar xzf newer.tar.gz -C newer --strip-components=1
check "the newer program" sh -c 'cd newer && /opt/repaircenter/bin/pip install -q --require-hashes -r service.txt && /opt/repaircenter/bin/pip install -q --no-deps repaircenter-*.whl'
check "migrate" repaircenter-central migrate
systemctl start repaircenter-web repaircenter-worker
check "ready with it" within 30 status_is 200 $A/ready
check "the PC goes on with it" agent
check "exposure" systemd-analyze security --no-pager --threshold=30 repaircenter-web
tail -1 /tmp/said

count
INSIDE
cat > "$K/small.sh" <<'INSIDE'
cd /root/repaircenter
. ./lib.sh
# After the machine was started anew
check "it came up with the machine" within 60 status_is 200 $A/ready
worker_up() { journalctl -b -u repaircenter-worker | grep -q "worker runs" && systemctl -q is-active repaircenter-worker; }
check "with the worker" within 30 worker_up
journalctl -b -u repaircenter-web -u repaircenter-worker | grep -E "^[^ ]+ [0-9]+ [0-9:]+ [^ ]+ [^ ]+ (sqlalchemy|psycopg)" | sed "s/^/        at the start: /"
check "and the timer" systemctl -q is-active repaircenter-backup.timer

# The small case: into an embedded database, from the backup
systemctl disable --now -q repaircenter-web repaircenter-worker
rm -r /var/lib/repaircenter; install -d /var/lib/repaircenter
sed -i '/^REPAIRCENTER_DATABASE/d' /etc/repaircenter/service.env
systemctl disable --now -q postgresql
check "restore into the embedded one" took repaircenter-central restore "$(ls -t /var/backups/repaircenter/*.dump | head -1)"; told | tail -1
systemctl enable --now -q repaircenter
check "ready, embedded" took within 60 status_is 200 $A/ready; told | tail -1
check "no right of root is left" sh -c 'grep -q "CapPrm:.0000000000000000" /proc/$(systemctl show -P MainPID repaircenter)/status'
check "list beside it" repaircenter-central admin list
check "the PC goes on" agent
rm -f /var/backups/repaircenter/*
check "backup beside it" took systemctl start repaircenter-backup
check "exists" sh -c 'ls /var/backups/repaircenter/*.dump'
kill -9 $(head -1 /var/lib/repaircenter/service/data/postmaster.pid); sleep 1
check "back after its database was killed" took within 30 status_is 200 $A/ready; told | tail -1
kill -9 $(pid repaircenter); sleep 1
check "back after kill -9" took within 60 status_is 200 $A/ready; told | tail -1
check "SIGTERM" took systemctl stop repaircenter; told
check "with 0" sh -c '[ "$(systemctl show -P ExecMainStatus repaircenter)" = 0 ]'
check "nothing of it runs on" sh -c '! grep -al pginstall1[8] /proc/[0-9]*/cmdline'
count
INSIDE
on bash /root/repaircenter/after.sh
halt  # without a word, as when the power fails
boot
on bash /root/repaircenter/small.sh
on journalctl --no-pager -u 'repaircenter*' > "$ROOT.journal" 2>&1
echo "all: $(( $(date +%s) - BEGUN )) s"
awk '{ passed += $1; failed += $2 } END { print passed " passed, " failed " failed"; exit NR < 2 || failed > 0 }' "$K/counts"
