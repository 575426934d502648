using System.Text;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Secrets;

/// <summary>Single values of the Secrets in one namespace: credentials that an issuer's settings refer to. None is kept.</summary>
internal sealed class SecretValues(IKubeClient client, string @namespace)
{
    public string Namespace => @namespace;

    /// <summary>The value without the blanks and line ends around it, which files bring along and no credential has.</summary>
    /// <param name="reference">Which Secret, and perhaps which key.</param>
    /// <param name="usualKey">The key if the reference names none.</param>
    /// <param name="what">What it is, for people: <c>the Cloudflare API token</c>.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="SecretValueException">There is no such value; the message says which.</exception>
    public async Task<string> ReadAsync(SecretKeyRef reference, string usualKey, string what, CancellationToken cancel)
    {
        var key = new ObjectKey(@namespace, reference.Name);
        string entry = reference.Key ?? usualKey;
        Secret secret = await client.FindAsync<Secret>(key, cancel)
            ?? throw new SecretValueException($"The Secret {key} that is to hold {what} does not exist: create it with the key {entry}.");
        string value = Encoding.UTF8.GetString(secret.Data?.GetValueOrDefault(entry) ?? []).Trim();
        return value.Length > 0 ? value : throw new SecretValueException($"The Secret {key} has nothing under the key {entry}, which is to hold {what}: add it.");
    }
}

/// <summary>A value of a Secret cannot be had; the message is for the user and holds no secret.</summary>
internal sealed class SecretValueException(string message) : Exception(message);
