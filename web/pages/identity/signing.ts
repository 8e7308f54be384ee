/** Who is signed in, signed for Parley on the organisation's own server, with nothing but what each language has. */

export type Language = "node" | "php" | "python" | "csharp";

export const LANGUAGES: { value: Language; label: string }[] = [
  { value: "node", label: "Node.js" },
  { value: "php", label: "PHP" },
  { value: "python", label: "Python" },
  { value: "csharp", label: "C#" },
];

export const SIGNING: Record<Language, string> = {
  node: `import { createHmac } from "node:crypto";

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

export function parleyIdentity(user, secret) {
  const claims = {
    sub: String(user.id),
    name: user.name,
    email: user.email,
    groups: user.groups,
    exp: Math.floor(Date.now() / 1000) + 600,
  };
  const signed = part({ alg: "HS256", typ: "JWT" }) + "." + part(claims);
  return signed + "." + createHmac("sha256", secret).update(signed).digest("base64url");
}
`,
  php: `<?php
function parley_identity(array $user, string $secret): string
{
    $part = fn (string $bytes) => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    $claims = [
        'sub' => (string) $user['id'],
        'name' => $user['name'],
        'email' => $user['email'],
        'groups' => array_values($user['groups']),
        'exp' => time() + 600,
    ];
    $signed = $part('{"alg":"HS256","typ":"JWT"}') . '.' . $part(json_encode($claims));
    return $signed . '.' . $part(hash_hmac('sha256', $signed, $secret, true));
}
`,
  python: `import base64, hashlib, hmac, json, time


def part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def parley_identity(user: dict, secret: str) -> str:
    claims = {
        "sub": str(user["id"]),
        "name": user["name"],
        "email": user["email"],
        "groups": user["groups"],
        "exp": int(time.time()) + 600,
    }
    signed = part(b'{"alg":"HS256","typ":"JWT"}') + "." + part(json.dumps(claims).encode())
    signature = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return signed + "." + part(signature)
`,
  csharp: `using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

static class Parley
{
    static string Part(byte[] bytes) =>
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static string Identity(string id, string name, string email, string[] groups, string secret)
    {
        var exp = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600;
        var header = JsonSerializer.SerializeToUtf8Bytes(new { alg = "HS256", typ = "JWT" });
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { sub = id, name, email, groups, exp });
        var signed = Part(header) + "." + Part(claims);
        var key = Encoding.UTF8.GetBytes(secret);
        return signed + "." + Part(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
    }
}
`,
};
