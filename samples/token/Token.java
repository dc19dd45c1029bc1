// An identity token for Tabiji: java Token.java user-17 acct-9 'Hana Tanaka'
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class Token {
    static String token(String user, String account, String name) throws Exception {
        Base64.Encoder part = Base64.getUrlEncoder().withoutPadding();
        long exp = System.currentTimeMillis() / 1000 + 3600;
        String claims = String.format("{\"sub\":%s,\"account\":%s,\"name\":%s,\"aud\":%s,\"exp\":%d}",
            json(user), json(account), json(name), json(System.getenv("TABIJI_PUBLIC_KEY")), exp);
        String signed = part.encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(UTF_8))
            + "." + part.encodeToString(claims.getBytes(UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(System.getenv("TABIJI_IDENTITY_SECRET").getBytes(UTF_8), "HmacSHA256"));
        return signed + "." + part.encodeToString(mac.doFinal(signed.getBytes(UTF_8)));
    }

    static String json(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }

    public static void main(String[] args) throws Exception {
        System.out.println(token(args[0], args[1], args[2]));
    }
}
