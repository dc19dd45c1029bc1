# An identity token for Tabiji: ruby token.rb user-17 acct-9 'Hana Tanaka'
require 'json'
require 'openssl'

def token(user, account, name)
  part = ->(data) { [data].pack('m0').tr('+/', '-_').delete('=') }
  claims = { sub: user, account: account, name: name, aud: ENV.fetch('TABIJI_PUBLIC_KEY'), exp: Time.now.to_i + 3600 }
  signed = "#{part.('{"alg":"HS256","typ":"JWT"}')}.#{part.(claims.to_json)}"
  "#{signed}.#{part.(OpenSSL::HMAC.digest('SHA256', ENV.fetch('TABIJI_IDENTITY_SECRET'), signed))}"
end

puts token(*ARGV)
