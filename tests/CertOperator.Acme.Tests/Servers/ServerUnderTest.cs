using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>
/// An ACME server that refuses no good nonce, with 2 intermediates, 1 alternate root and a profile "short" of 6 days. It
/// validates at its challenge server.
/// </summary>
public sealed record ServerUnderTest(Uri DirectoryUrl, X509Certificate2 Trust, ChallengeTestServer Challenges, IReadOnlyList<X509Certificate2> Roots);
