using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Tests.Requests;

public sealed class KeyUsageNamesTests
{
    [Fact]
    public void There_are_23_names_and_each_means_a_bit_or_an_OID()
    {
        Assert.Equal(23, KeyUsageNames.All.Count);
        Assert.All(KeyUsageNames.All, name =>
        {
            var (usages, extended) = KeyUsageNames.Parse([name]);
            Assert.True(usages != KeyUsages.None ^ extended.Count == 1, name);
        });
    }

    [Fact]
    public void Names_for_the_same_usage_count_once()
    {
        var (usages, extended) = KeyUsageNames.Parse(["signing", "digital signature", "s/mime", "email protection"]);

        Assert.Equal(KeyUsages.DigitalSignature, usages);
        Assert.Single(extended);
    }

    [Fact]
    public void A_name_that_is_not_known_is_named() =>
        Assert.Contains("\"server-auth\"", Assert.Throws<PkiException>(() => KeyUsageNames.Parse(["server-auth"])).Message);
}
