// One stack that has every pair of native types which refer to each other, on each cloud: which pairs there are is read off what it lowers to, and a test
// compares that with everything else that is lowered here.

/** Without its `stack` and `cloud` lines. */
export const coveringStack = `network main { cidr = 10.0.0.0/16 }
subnet edge { network = main, cidr = 10.0.1.0/24 }
subnet inner { network = main, cidr = 10.0.2.0/24, public = false, nat = edge }
firewall web {
  network = main
  allow tcp 80 from any
}
firewall behind {
  network = main
  allow tcp 8080 from web
  allow tcp 22 from edge
  allow tcp 443 to any
}
key admin { public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me" }
address front {}
machine base {
  cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = edge, firewall = web, key = admin, public = front
  disk root { size = 30GiB }
  disk cache { size = 20GiB }
}
machine bare { cpu = 2, memory = 4GiB, image = "ubuntu-24.04", subnet = inner, firewall = [web, behind], key = admin }
disk data { size = 20GiB, attach = base }
snapshot of_root { disk = base.disk.root }
snapshot of_data { disk = data }
disk copy { size = 20GiB, snapshot = of_data, attach = bare }
image own { from = of_root }
machine made {
  cpu = 2, memory = 4GiB, image = own, subnet = inner, firewall = behind, key = admin
  disk root { size = 30GiB }
}
`;
