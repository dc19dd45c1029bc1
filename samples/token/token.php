<?php // An identity token for Tabiji: php token.php user-17 acct-9 'Hana Tanaka'
function token(string $user, string $account, string $name): string {
    $part = fn(string $data) => rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
    $claims = ['sub' => $user, 'account' => $account, 'name' => $name, 'aud' => getenv('TABIJI_PUBLIC_KEY'), 'exp' => time() + 3600];
    $signed = $part('{"alg":"HS256","typ":"JWT"}') . '.' . $part(json_encode($claims));
    return $signed . '.' . $part(hash_hmac('sha256', $signed, getenv('TABIJI_IDENTITY_SECRET'), true));
}

echo token($argv[1], $argv[2], $argv[3]), "\n";
