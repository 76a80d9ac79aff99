// Package cucm reads the XML files that a call manager's TFTP server holds for
// phones: SEP<MAC>.cnf.xml for one phone and XMLDefault.cnf.xml for those that
// have none (the reference, section 5). It reads leniently, as phones do; see
// package xmltree.
//
// What both families of files can say, the .cnf files and these, ends up in the
// same parameters, by the XML paths in the table of package param:
//
//	device, problems := cucm.Parse("SEP00503EFFD842.cnf.xml", data)
//	set, more := param.Merge(profile, device.Layer(param.FromPhoneFile))
//
// What the .cnf files cannot say (security, SRST, buttons without a line,
// settings of instruments) is in the fields of Device.
package cucm
