<?php
// A guestbook: it writes on the primary, reads from a replica, and names the server that answered.

declare(strict_types=1);

require __DIR__ . '/database.php';

const SHOWN = 20;
const LONGEST = 200;

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/healthz') {
    // For the balancers. A database that is down is no reason to take the web servers out too.
    header('Content-Type: text/plain');
    exit("ok\n");
}
if ($path !== '/') page(404, 'There is no such page.');
match ($_SERVER['REQUEST_METHOD']) {
    'GET', 'HEAD' => show(200, '', token($_GET['entry'] ?? '')),
    'POST' => write(token($_POST['token'] ?? ''), trim((string) ($_POST['message'] ?? ''))),
    default => page(405, 'This page is read with GET and written with POST.'),
};

/** Stores an entry. What is known of an attempt that failed is what the visitor is told. */
function write(string $token, string $message): never
{
    if ($token === '' || preg_match('/^.{1,' . LONGEST . '}$/u', $message) !== 1) {
        page(400, 'An entry has one line of 1 to ' . LONGEST . ' characters.');
    }
    $isSent = false;
    try {
        $db = connect('WRITE');
        $isSent = true;
        // An entry that is sent again, since its answer was lost, has the same token and is stored once.
        $insert = 'INSERT INTO entries (token, message, written_on) VALUES (?, ?, @@hostname) ON DUPLICATE KEY UPDATE id = id';
        $db->prepare($insert)->execute([$token, $message]);
        $server = $db->query('SELECT @@hostname')->fetch_column();
    } catch (Throwable $error) {
        $words = reason($error);
        // A lost connection (2006, 2013) leaves open whether the entry was stored; any other error means that it was not.
        $isUnknown = $isSent && in_array($error->getCode(), [2006, 2013], true);
        $what = $isUnknown ? 'It is not known whether your entry was stored' : 'Your entry was not stored';
        show(503, "Writes are not possible now. $what: $words. Send it again later.", '', $token, $message);
    }
    header("X-Written-On: $server");
    header("Location: /?entry=$token", true, 303);
    exit;
}

/** The page with the newest entries. `$after`: an entry that the visitor has just written and expects to see. */
function show(int $status, string $notice, string $after = '', string $token = '', string $message = ''): never
{
    try {
        [$entries, $server] = read('READ');
        // A replica may be behind for a moment, and the primary never is.
        if ($after !== '' && !in_array($after, array_column($entries, 'token'), true)) [$entries, $server] = read('WRITE');
    } catch (Throwable $error) {
        page(503, trim("$notice Reads are not possible now: " . reason($error) . '.'));
    }
    if ($status === 503) $notice .= ' Reads go on.';
    header("X-Read-From: $server");
    page($status, $notice, $entries, $server, $token, $message);
}

/** The newest entries, and the server that they are from. */
function read(string $purpose): array
{
    $db = connect($purpose);
    $entries = $db->query('SELECT token, message, written_on, written_at FROM entries ORDER BY id DESC LIMIT ' . SHOWN);
    return [$entries->fetch_all(MYSQLI_ASSOC), $db->query('SELECT @@hostname')->fetch_column()];
}

/** Why the database did not answer, in words for visitors. The log has the server's own. */
function reason(Throwable $error): string
{
    error_log('guestbook: ' . get_class($error) . ' ' . $error->getCode() . ': ' . $error->getMessage());
    if ($error instanceof Unverified) return 'the certificate of the database cannot be verified';
    return match ($error->getCode()) {
        1044, 1045, 1698 => 'the database refuses the account',
        1146 => 'the table is missing; run migrate.php',
        1290, 1836 => 'the database is read-only',
        1040, 1203, 1226 => 'the database has too many connections',
        default => 'the database does not answer',
    };
}

/** The random name of an entry, or an empty text. */
function token(mixed $given): string
{
    return is_string($given) && preg_match('/^[0-9a-f]{32}$/', $given) === 1 ? $given : '';
}

function html(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

function page(int $status, string $notice, ?array $entries = null, string $server = '', string $token = '', string $message = ''): never
{
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    header('Cache-Control: no-store');
    if ($token === '') $token = bin2hex(random_bytes(16));
    require __DIR__ . '/page.phtml';
    exit;
}
