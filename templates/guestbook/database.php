<?php
// The database, as a systemd unit's EnvironmentFile=/etc/infra/database/environment describes it.

declare(strict_types=1);

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);

/** Seconds until a server that does not answer counts as down. */
const CONNECT_TIMEOUT = 3;
const ANSWER_TIMEOUT = 5;

/**
 * A connection to write or to read, by TLS: the server's certificate must be of our authority and have the host's name.
 * Throws mysqli_sql_exception, and Unverified where the certificate is the reason.
 */
function connect(string $purpose): mysqli
{
    $db = mysqli_init();
    $db->options(MYSQLI_OPT_CONNECT_TIMEOUT, CONNECT_TIMEOUT);
    $db->options(MYSQLI_OPT_READ_TIMEOUT, ANSWER_TIMEOUT);
    $db->options(MYSQLI_OPT_SSL_VERIFY_SERVER_CERT, 1);
    $db->ssl_set(null, null, setting('CA'), null, null);
    $warning = '';
    // The reason why a certificate is refused comes as a warning, before the exception.
    set_error_handler(function (int $level, string $text) use (&$warning): bool {
        $warning .= "$text\n";
        return true;
    });
    try {
        $port = (int) setting("{$purpose}_PORT");
        $db->real_connect(setting("{$purpose}_HOST"), setting('USER'), setting('PASSWORD'), setting('NAME'), $port, null, MYSQLI_CLIENT_SSL);
        $db->set_charset('utf8mb4');
        return $db;
    } catch (mysqli_sql_exception $error) {
        $isUnverified = preg_match('/certificate|peer|CN=|cafile|SSL operation/i', $warning) === 1;
        throw $isUnverified ? new Unverified(trim($warning), 0, $error) : $error;
    } finally {
        restore_error_handler();
    }
}

/** The server's certificate is not the one of our database. */
final class Unverified extends RuntimeException
{
}

function setting(string $name): string
{
    $value = getenv("DATABASE_$name");
    if ($value === false) throw new RuntimeException("DATABASE_$name is not set: the role databaseClient writes it");
    return $value;
}
