using CertOperator.Testing.Acme;

[assembly: AssemblyFixture(typeof(PebbleFixture))]
