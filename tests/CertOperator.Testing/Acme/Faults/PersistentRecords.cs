using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Dns;

namespace CertOperator.Testing.Acme.Faults;

/// <summary>
/// dns-persist-01 as a CA judges it (draft-ietf-acme-dns-persist-02 section 4), whose name in the records is <c>ca.example</c> and which looks
/// at the name itself only.
/// </summary>
/// <param name="accountHashPrefix">As in <see cref="FakeAcmeOptions.AccountHashPrefix"/>.</param>
/// <param name="time">For records that end.</param>
public sealed class PersistentRecords(string? accountHashPrefix, TimeProvider time)
{
    /// <summary>By the records of a DNS server.</summary>
    public async Task<ValidationFailure?> ValidateAsync(ChallengeAttempt attempt, IPEndPoint server)
    {
        var name = $"_validation-persist.{attempt.Identifier.Value}";
        if (await DnsQuery.FindAsync(server, name) is not { Code: 0 or 3 } answer) return new ValidationFailure("dns", $"the question for {name} failed");
        return Validate(attempt, answer.Texts);
    }

    /// <summary>By these values.</summary>
    public ValidationFailure? Validate(ChallengeAttempt attempt, IEnumerable<string> texts)
        => texts.Any(text => Fits(attempt, text)) ? null : new ValidationFailure("unauthorized", $"no TXT record lets the account validate {attempt.Identifier.Value}", 403);

    private bool Fits(ChallengeAttempt attempt, string text)
    {
        var parts = text.Split("; ");
        var parameters = parts.Skip(1).Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return parts[0] == "ca.example"
            && AccountUris(attempt).Contains(parameters.GetValueOrDefault("accounturi"))
            && (!attempt.IsForWildcard || parameters.GetValueOrDefault("policy") == "wildcard")
            && (!parameters.TryGetValue("persistUntil", out var end) || long.Parse(end, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds());
    }

    private IEnumerable<string> AccountUris(ChallengeAttempt attempt)
    {
        if (accountHashPrefix is null) return [attempt.Account.OriginalString];
        var key = attempt.KeyAuthorization[(attempt.Token.Length + 1)..];
        return ((string[])[attempt.Identifier.Value, "*"]).Select(domain => accountHashPrefix
            + $"sha-256/{Base64.Encode(SHA256.HashData(Encoding.ASCII.GetBytes($"{(char)domain.Length}{domain}{key}{attempt.Account.OriginalString}")))}");
    }
}
