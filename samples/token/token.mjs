// An identity token for Tabiji: node token.mjs user-17 acct-9 'Hana Tanaka'
import { createHmac } from 'node:crypto';

export const token = (user, account, name) => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const claims = { sub: user, account, name, aud: process.env.TABIJI_PUBLIC_KEY, exp };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', process.env.TABIJI_IDENTITY_SECRET).update(signed).digest('base64url')}`;
};

console.log(token(...process.argv.slice(2)));
