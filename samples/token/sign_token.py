# An identity token for Tabiji: python3 sign_token.py user-17 acct-9 'Hana Tanaka'
import base64, hashlib, hmac, json, os, sys, time

def token(user, account, name):
    def part(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=")
    claims = {"sub": user, "account": account, "name": name, "aud": os.environ["TABIJI_PUBLIC_KEY"], "exp": int(time.time()) + 3600}
    signed = part(b'{"alg":"HS256","typ":"JWT"}') + b"." + part(json.dumps(claims).encode())
    secret = os.environ["TABIJI_IDENTITY_SECRET"].encode()
    return (signed + b"." + part(hmac.new(secret, signed, hashlib.sha256).digest())).decode()

print(token(*sys.argv[1:]))
