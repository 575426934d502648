using System.Globalization;
using System.Text;
using CertOperator.Api;
using CertOperator.Pki;
using CertOperator.Pki.Formats;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Secrets;

/// <summary>A key pair as it stood in a Secret, with what is needed to put it back there.</summary>
/// <param name="Revision">Which issuance it is of.</param>
/// <param name="Entries">Key, certificates, who signed them and for which request.</param>
/// <param name="SerialNumber">Of its certificate, hexadecimal.</param>
/// <param name="NotAfter">Of its certificate.</param>
internal sealed record FormerPair(int Revision, IReadOnlyDictionary<string, byte[]> Entries, string SerialNumber, DateTimeOffset NotAfter)
{
    public int Bytes => Entries.Values.Sum(value => value.Length);

    /// <summary>What status tells of it.</summary>
    public FormerRevision Told => new() { Revision = Revision, SerialNumber = SerialNumber, NotAfter = NotAfter };

    /// <summary>Without the key: a record's own text would print the entries.</summary>
    public override string ToString() => $"revision {Revision}";
}

/// <summary>
/// The one place that knows how the Secret with former key pairs is laid out: per pair the entries of a TLS Secret, and the annotations
/// that say whose it is, under the number of its revision, as <c>3.tls.key</c>.
/// </summary>
internal static class FormerPairs
{
    /// <summary>Not the TLS type: nobody serves it, and no cache holds it.</summary>
    public static readonly string SecretType = ApiGroup.Prefixed("history");

    /// <summary>A Secret holds 1 MiB; names and annotations need some of the request.</summary>
    private const int MaxBytes = 900 * 1024;

    private static readonly string[] FromData = [SecretEntries.Certificate, SecretEntries.PrivateKey, SecretEntries.Ca];

    private static readonly IReadOnlyDictionary<string, string> FromAnnotations
        = new Dictionary<string, string> { ["issuer"] = Labels.Issuer, ["spec-hash"] = Labels.SpecHash };

    public static ObjectKey KeyOf(Certificate certificate)
        => new(certificate.Metadata.Namespace ?? "", certificate.Spec!.SecretName + SecretRules.HistorySuffix);

    /// <summary>Whether a Secret is that of the Certificate; another one may have taken its name.</summary>
    public static bool IsOf(Certificate certificate, Secret secret)
        => secret.SecretType == SecretType && secret.Metadata.Labels?.GetValueOrDefault(Labels.Certificate) == TlsSecret.LabelValue(certificate.Metadata.Name ?? "");

    /// <summary>The pair in a TLS Secret; null if there is none that can be read.</summary>
    public static FormerPair? Of(Secret tls, int revision)
    {
        var entries = FromData.Where(name => tls.Data?.GetValueOrDefault(name) is { Length: > 0 }).ToDictionary(name => name, name => tls.Data![name]);
        foreach (var (name, annotation) in FromAnnotations)
        {
            if (tls.Metadata.Annotations?.GetValueOrDefault(annotation) is { } value)
                entries[name] = Encoding.UTF8.GetBytes(value);
        }

        return Read(revision, entries);
    }

    /// <summary>The pairs in a Secret that can be read, the latest revision first.</summary>
    public static IReadOnlyList<FormerPair> In(Secret history) =>
    [
        .. (history.Data ?? new Dictionary<string, byte[]>()).Select(entry => (Name: entry.Key.Split('.', 2), entry.Value))
            .Where(entry => entry.Name.Length == 2 && TlsSecret.TryReadRevision(entry.Name[0], out _))
            .GroupBy(entry => int.Parse(entry.Name[0], CultureInfo.InvariantCulture), entry => (entry.Name[1], entry.Value))
            .OrderByDescending(pair => pair.Key)
            .Select(pair => Read(pair.Key, pair.ToDictionary(entry => entry.Item1, entry => entry.Value)))
            .OfType<FormerPair>(),
    ];

    /// <summary>What is to be kept while a pair is being replaced: it, then the latest others, and for now what takes its place.</summary>
    /// <param name="known">What is kept now.</param>
    /// <param name="replaced">What is being replaced.</param>
    /// <param name="next">The revision that takes its place; if it is a former one, it must not be lost before it is stored there.</param>
    /// <param name="count">How many are asked for.</param>
    /// <param name="now">For expiry.</param>
    public static IReadOnlyList<FormerPair> Choose(IReadOnlyList<FormerPair> known, FormerPair replaced, int next, int count, DateTimeOffset now)
    {
        FormerPair[] others = [.. known.Where(pair => pair.Revision != replaced.Revision)];
        FormerPair[] returning = [.. others.Where(pair => pair.Revision == next)];
        return Fitting([.. returning, replaced, .. others.Except(returning)], returning.Length + count, now);
    }

    /// <summary>What is to be kept once the revision <paramref name="stored"/> is in the Secret itself.</summary>
    public static IReadOnlyList<FormerPair> Latest(IReadOnlyList<FormerPair> known, int stored, int count, DateTimeOffset now)
        => Fitting(known.Where(pair => pair.Revision != stored), count, now);

    /// <summary>The Secret as it is to be applied. It goes with its Certificate: without it nobody puts a key back.</summary>
    public static Secret Build(Certificate certificate, IReadOnlyList<FormerPair> pairs)
    {
        ObjectKey key = KeyOf(certificate);
        var data = pairs.SelectMany(pair => pair.Entries.Select(entry => (Name: $"{pair.Revision}.{entry.Key}", entry.Value))).ToDictionary(entry => entry.Name, entry => entry.Value);
        return new Secret
        {
            Metadata = new ObjectMeta
            {
                Name = key.Name,
                Namespace = key.Namespace,
                Labels = new Dictionary<string, string>
                {
                    [Labels.ManagedBy] = Labels.ManagedByValue,
                    [Labels.Certificate] = TlsSecret.LabelValue(certificate.Metadata.Name ?? ""),
                },
                Annotations = new Dictionary<string, string>
                {
                    [Labels.Revisions] = string.Join(',', pairs.Select(pair => pair.Revision)),
                    [Labels.DataHash] = DataHash.Of(data),
                },
                OwnerReferences = [Owners.Controller(certificate)],
            },
            SecretType = SecretType,
            Data = data,
        };
    }

    /// <summary>The pair as a TLS Secret that could stand in the place of another.</summary>
    public static Secret AsTlsSecret(FormerPair pair, ObjectMeta place) => new()
    {
        Metadata = place with
        {
            Annotations = FromAnnotations.Where(name => pair.Entries.ContainsKey(name.Key))
                .ToDictionary(name => name.Value, name => Encoding.UTF8.GetString(pair.Entries[name.Key])),
        },
        SecretType = Secret.TlsType,
        Data = FromData.Where(pair.Entries.ContainsKey).ToDictionary(name => name, name => pair.Entries[name]),
    };

    private static List<FormerPair> Fitting(IEnumerable<FormerPair> pairs, int count, DateTimeOffset now)
    {
        var chosen = new List<FormerPair>();
        foreach (FormerPair pair in pairs.Where(pair => pair.NotAfter > now))
        {
            if (chosen.Count < count && chosen.Sum(other => other.Bytes) + pair.Bytes <= MaxBytes)
                chosen.Add(pair);
        }

        return chosen;
    }

    private static FormerPair? Read(int revision, Dictionary<string, byte[]> entries)
    {
        if (!entries.ContainsKey(SecretEntries.PrivateKey) || entries.GetValueOrDefault(SecretEntries.Certificate) is not { } chain)
            return null;
        try
        {
            IssuedCertificate leaf = Pem.ReadCertificates(chain)[0];
            return new FormerPair(revision, entries, leaf.SerialNumber, leaf.NotAfter);
        }
        catch (PkiException)
        {
            return null; // Somebody wrote over it; nothing of it can be put back.
        }
    }
}
