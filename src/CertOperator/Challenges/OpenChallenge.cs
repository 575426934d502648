using System.Net;
using CertOperator.Acme.Orders;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Challenges;

/// <summary>A challenge that some Certificate waits for, with whose it is.</summary>
/// <param name="Certificate">The Certificate.</param>
/// <param name="Issuer">Its issuer for this issuance.</param>
/// <param name="Solver">The settings of the solver that was selected for the name.</param>
/// <param name="Name">Lower case, without a dot at the end; an IP address in its canonical text.</param>
/// <param name="Token">RFC 8555, 8.1; checked to be one.</param>
/// <param name="Started">When the issuance began.</param>
internal sealed record OpenChallenge(Certificate Certificate, IIssuerObject Issuer, AcmeSolverSpec Solver, string Name, string Token, DateTimeOffset Started)
{
    public ObjectKey Key => new(Certificate.Metadata.Namespace ?? "", Certificate.Metadata.Name ?? "");

    public Identifier Identifier => IPAddress.TryParse(Name, out IPAddress? address) ? Identifier.Ip(address) : Identifier.Dns(Name);

    public ChallengeId Id => new(Key, Name, Token);

    /// <summary>Thumbprint of the account key; null before the account is known.</summary>
    public string? Thumbprint => Issuer.Status?.Acme?.KeyThumbprint;
}

/// <summary>Tells challenges apart.</summary>
internal readonly record struct ChallengeId(ObjectKey Certificate, string Name, string Token);
