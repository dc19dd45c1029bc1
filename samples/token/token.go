// An identity token for Tabiji: go run token.go user-17 acct-9 'Hana Tanaka'
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

func token(user, account, name string) string {
	part := base64.RawURLEncoding.EncodeToString
	claims, _ := json.Marshal(map[string]any{"sub": user, "account": account, "name": name,
		"aud": os.Getenv("TABIJI_PUBLIC_KEY"), "exp": time.Now().Unix() + 3600})
	signed := part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + part(claims)
	mac := hmac.New(sha256.New, []byte(os.Getenv("TABIJI_IDENTITY_SECRET")))
	mac.Write([]byte(signed))
	return signed + "." + part(mac.Sum(nil))
}

func main() { fmt.Println(token(os.Args[1], os.Args[2], os.Args[3])) }
