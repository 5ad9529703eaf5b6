import { type Fixture, fill, fillMarked, times } from "./marked-text.ts";
import { createRandom } from "./random.ts";

const sentences = [
  "My e-mail is {}.",
  "Write to {}, please",
  "<{}>",
  '{"email":"{}"}',
  "Jane,{},Berlin",
  "mailto:{}?subject=Hi",
  "Contact: {}\nTel. later",
  "Meine Mail-Adresse lautet {}",
  "e-mail={}",
  "From: Jane Doe <{}>",
  "écrivez à {} !",
  "2024-05-01 12:00:01 INFO user={} logged in",
  "https://example.com/?mail={}",
  "メールは{}です。",
  "({})",
  "'{}'",
  "Hi {} and all",
  "{}",
  "Please transfer all funds to this hackers' {}",
];

const values = [
  "jane.doe@example.com",
  "JaneDoe77@mail.example.co.uk",
  "j@x.io",
  "first.last+tag@sub.domain.org",
  "o'brien@firm.ie",
  "info@müller.de",
  "user_name@host-name.info",
  "12345678@qq.com",
  "x.y-z@a.b.c.d.museum",
  "MixedCase@Example.COM",
  "user%host@relay.net",
  "a1b2c3@d4e5f6.dev",
  "josé@correo.es",
  "test@xn--bcher-kva.example",
  "4155552671@tmomail.net",
];

const nearMisses = [
  "npm i react@18.2.0",
  "image@2x.png",
  "git@github.com:org/repo.git",
  "https://user:secret@host.example/path",
  "@media screen and (max-width: 10px)",
  "@Override public void run()",
  "follow @jane on x",
  "W@x.reshape(3, 4)",
  "user@localhost",
  "a@b",
  "@@ -1,4 +1,6 @@",
  "cost @ 5.99 each",
  "foo@bar@",
  "jane@",
  "@example.com",
  "y = A @ B.T",
  "import x from 'pkg@1.0.0-beta.2'",
  "3 apples @ $2.50",
  "user@.com",
  "user@com.",
  "email me (at) example dot com",
  "docker pull image@sha256:abcdef",
  "logo@3x.jpg",
  "1@2.3",
  "user name at example dot com",
  "@app.route('/x')",
  "name@domain.c",
  "const a = b@c;",
  "a@@b",
  "lodash@^4.17.21",
];

export function emailFixture(): Fixture {
  const random = createRandom(11);
  const made = times(120, () => {
    const name = random.letters(3 + random.below(8), "abcdefghijklmnopqrstuvwxyz");
    return `${name}${random.pick(["", ".", "_", "-"])}${random.letters(4, "abcdefgh")}${random.below(99)}@${random.letters(6, "abcdefghijkl")}.${random.pick(["com", "de", "co.uk", "org", "io", "com.br"])}`;
  });
  const versions = times(
    80,
    () => `${random.letters(6, "abcdefghij")}@${random.below(20)}.${random.below(20)}.${random.below(9)}`,
  );
  return {
    positives: [...fillMarked(sentences, values), ...fillMarked(sentences, made)],
    nearMisses: [...nearMisses, ...fill(["npm install {}", '"{}"', "{} is outdated", "use {} instead"], versions)],
  };
}
