using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Testing.Ingress;

/// <summary>An answer over a verified connection, and the certificate that the server showed.</summary>
public sealed record TlsAnswer(HttpStatusCode Status, string Body, X509Certificate2 Certificate);
