// Diagnostic codes of firewalls and keys (K22xx, K23xx).

import type { CodeInfo } from "../code-info.ts";

const start = 'stack demo\n\ncloud aws { region = "eu-west-1" }\n\n';
const network = `${start}network main { cidr = 10.20.0.0/16 }\n\n`;

export const firewallCodes = {
  K2201: {
    title: "port out of range",
    explanation: "Ports are numbers from 1 to 65535. To allow every port of a protocol, leave the ports out: `allow tcp from any`.",
    bad: `${network}firewall web {\n  network = main\n  allow tcp 70000 from any\n}\n`,
    good: `${network}firewall web {\n  network = main\n  allow tcp 65535 from any\n}\n`,
  },
  K2202: {
    title: "port range that ends before it begins",
    explanation: "A range of ports is written from the lower to the higher, both included: `8000-8100`.",
    bad: `${network}firewall web {\n  network = main\n  allow tcp 8100-8000 from any\n}\n`,
    good: `${network}firewall web {\n  network = main\n  allow tcp 8000-8100 from any\n}\n`,
  },
  K2203: {
    title: "ports for a protocol that has none",
    explanation:
      "Only tcp and udp have ports. `allow icmp from …` allows all ICMP messages; `allow any from …` allows everything. For a port of both, write one rule for tcp and one for udp.",
    bad: `${network}firewall web {\n  network = main\n  allow icmp 8 from any\n}\n`,
    good: `${network}firewall web {\n  network = main\n  allow icmp from any\n}\n`,
  },
  K2204: {
    title: "rule that is written twice",
    explanation:
      "The same protocol, ports, direction and peer are allowed twice. Clouds refuse the second rule, and it changes nothing: remove it.",
    bad: `${network}firewall web {\n  network = main\n  allow tcp 80, 443 from any\n  allow tcp 443 from any\n}\n`,
    good: `${network}firewall web {\n  network = main\n  allow tcp 80, 443 from any\n  allow udp 443 from any\n}\n`,
  },
  K2205: {
    title: "firewall of another network as a peer",
    explanation:
      "A firewall as a peer means the machines that carry it, by their private addresses. Machines of another network are not reached by private address, so the rule could never match. Name their public addresses or the range of their network instead.",
    bad: `${network}network other { cidr = 10.30.0.0/16 }\n\nfirewall web { network = other }\nfirewall db {\n  network = main\n  allow tcp 5432 from web\n}\n`,
    good: `${network}firewall web { network = main }\nfirewall db {\n  network = main\n  allow tcp 5432 from web\n}\n`,
  },
  K2301: {
    title: "private key where the public key belongs",
    explanation:
      "The value is the private half of a key pair. It must never leave the machine it was made on: take it out of the source and of every place it was saved to, and make a new pair if anybody else can have read it.\n\n`public_key` is the other half, one line that begins with the type, such as `ssh-ed25519 AAAA…`. It is in the file with the ending `.pub`, or printed by `ssh-keygen -y -f PRIVATE_KEY`.",
    bad: `${start}key admin { public_key = "-----BEGIN OPENSSH PRIVATE KEY-----" }\n`,
    good: `${start}key admin { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILKFcI4xNPe3hzwTUhM2618jXjT6H+7bAKk3eJrAREBh" }\n`,
  },
  K2302: {
    title: "public key that does not parse",
    explanation:
      "A public key is one line as in `authorized_keys`: the type, the key in base64, and a comment if you like. The base64 part says the type and the lengths again, so a key that was cut or mixed up shows.\n\nTake the whole line from the file with the ending `.pub`. A key in another format (PEM, SSH2) is converted by `ssh-keygen -i -f FILE`.",
    bad: `${start}key admin { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILKFcI4xNPe3hzwT" }\n`,
    good: `${start}key admin { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILKFcI4xNPe3hzwTUhM2618jXjT6H+7bAKk3eJrAREBh laptop" }\n`,
  },
  K2303: {
    title: "public key too weak or of an unknown type",
    explanation:
      "Koine takes Ed25519 keys, ECDSA keys, their hardware-backed forms (`sk-`), and RSA keys of 2048 bits or more. DSA keys and shorter RSA keys are refused by current SSH servers, so nobody could log in.\n\n`ssh-keygen -t ed25519` makes a key that works everywhere. A cloud may take fewer types; its refusal has a code of its own.",
    bad: `${start}key admin { public_key = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDIpqixG7NTSFrmR0UABaX5qIqT1B7MKBy1dUD3ugHvrb82nnrCi/HXB4DhcKldFYgJFn5DCPIfHqrCaIi9cnSCzLXUw0/ZFf7SV5oQJTMFdSrnNbb+EADs2CpOpEbnDeCBBPW9odMHbXZho6OVtHfpBKwk/JqE3q4uQT1thCO6tw==" }\n`,
    good: `${start}key admin { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILKFcI4xNPe3hzwTUhM2618jXjT6H+7bAKk3eJrAREBh" }\n`,
  },
} as const satisfies Record<string, CodeInfo>;
