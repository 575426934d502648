namespace CertOperator.Pki.Requests;

/// <summary>An otherName (RFC 5280 section 4.2.1.6) whose value is a UTF8String, such as Microsoft's user principal name.</summary>
public sealed record OtherName(string Oid, string Value);
