<?php
// Makes the table, once. A deployment runs it with the account that may change tables:
//   systemd-run --wait --pipe --collect -p EnvironmentFile=/etc/infra/database/migrations.environment -p User=guestbook \
//     php /usr/local/lib/guestbook/migrate.php

declare(strict_types=1);

require __DIR__ . '/database.php';

// Balancers that were started a moment ago do not know the primary yet.
const PATIENCE = 60;

for ($end = time() + PATIENCE; ; sleep(1)) {
    try {
        $db = connect('WRITE');
        break;
    } catch (Unverified $error) {
        fail($error);
    } catch (mysqli_sql_exception $error) {
        if (time() >= $end) fail($error);
    }
}
// The token is unique, so that an entry that is sent twice is stored once.
$db->query('CREATE TABLE IF NOT EXISTS entries (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    token CHAR(32) CHARACTER SET ascii NOT NULL UNIQUE,
    message VARCHAR(200) NOT NULL,
    written_on VARCHAR(64) NOT NULL,
    written_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4');
echo "The table is there.\n";

function fail(Throwable $error): never
{
    fwrite(STDERR, "The database cannot be reached: {$error->getMessage()}\n");
    exit(1);
}
