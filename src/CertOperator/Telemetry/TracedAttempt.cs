using CertOperator.Runtime.Client;

namespace CertOperator.Telemetry;

/// <summary>An attempt to issue a certificate, as its trace names it.</summary>
/// <param name="Id">Its identifier, as in status.</param>
/// <param name="Began">When it began.</param>
/// <param name="Certificate">The Certificate.</param>
/// <param name="Issuer">Kind/name.</param>
/// <param name="GoesOn">Whether it goes on, here or on another replica, if what is done now does not come to an end.</param>
internal sealed record TracedAttempt(string Id, DateTimeOffset Began, ObjectKey Certificate, string Issuer, bool GoesOn);
