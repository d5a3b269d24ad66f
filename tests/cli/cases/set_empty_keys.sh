vhpcsim check native.yaml --set =3 --set cluster..nodes=3
