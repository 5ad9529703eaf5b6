import { type Fixture, fill, fillMarked, times } from "./marked-text.ts";
import { createRandom } from "./random.ts";

const sentences = [
  "Login from {} failed",
  "IP: {}",
  "ping {}",
  '{"ip":"{}"}',
  '{} - - [10/Oct/2024:13:55:36 +0000] "GET / HTTP/1.1" 200',
  "host={} port=443",
  "keep getting address {} blocked error",
  "Die Adresse {} ist gesperrt",
  "[{}]",
  "x,{},y",
  "The client ({}) was banned.",
];
const bare = ["{}", "see {} again", "{} and more"];
const v6 = [
  "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
  "2001:db8::1",
  "fe80::1ff:fe23:4567:890a",
  "2a02:8109:9c40:1234::17",
  "6e40:4041:c617:e898:c11:40d2:c669:2eb4",
  "2606:4700:4700::1111",
  "2001:470:9b36:1::2",
];

const nearMisses = [
  "version 1.2.3.4",
  "v10.20.30.40 was released",
  "upgrade to release 192.168.1.300",
  "256.100.50.25",
  "1.2.3",
  "1.2.3.4.5",
  "section 3.1.2.4",
  "Chrome/120.0.6099.109",
  "127.0.0.1",
  "0.0.0.0",
  "255.255.255.0",
  "01.02.03.04",
  "10:30:45",
  "aa:bb:cc:dd:ee:ff",
  "std::vector",
  "a::b",
  "x[1::2]",
  "::1",
  "::",
  "1:2:3",
  "12.34.56",
  "$1.234.567.890",
  "1.234.567.890",
  "10.0.0.0/8 is private",
  "Boost 1.82.0.1 build",
  "fe80 is a prefix",
  "dead::beef is a namespace",
  "3.14.15.92.65",
  "§ 2.3.1.4",
  "kernel 5.15.0.91",
  "OID 1.3.6.1",
  "1.1.1",
  "Foo::Bar::Baz",
  "12:30:45:10",
  "ISO 8601: 2024-05-01T12:30:45",
];

export function ipAddressFixture(): Fixture {
  const random = createRandom(19);
  const address = () => [11 + random.below(200), random.below(256), random.below(256), 1 + random.below(254)].join(".");
  const version = () => [random.below(30), random.below(20), random.below(20), random.below(99)].join(".");
  return {
    positives: [
      ...fillMarked(sentences, times(80, address)),
      ...fillMarked(bare, times(30, address)),
      ...fillMarked([...sentences, ...bare], [...v6, ...v6]),
      "http://⟦41.173.96.26⟧/login",
      "ssh root@⟦41.173.96.26⟧",
      "ping ⟦8.8.8.8⟧",
      "from ⟦10.0.0.7⟧:5432 to the server",
      "⟦192.168.178.1⟧/24",
    ],
    nearMisses: [
      ...nearMisses,
      ...fill(
        ["version {}", "v{}", "release {} is out", "build {}", "upgraded to {}", "firmware {}", "see section {}"],
        times(60, version),
      ),
      ...fill(
        ["{}", "{} of them"],
        times(30, () => `${address()}.${random.below(9)}`),
      ),
      ...fill(
        ["host {}"],
        times(10, () => `${300 + random.below(99)}.${random.below(99)}.1.1`),
      ),
    ],
  };
}
